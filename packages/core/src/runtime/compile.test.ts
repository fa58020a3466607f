import { beforeEach, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  compile,
  type DType,
  ShapeError,
  setBackend,
  type Tensor,
  type TensorOperand,
  TraceError,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wrong } from '../wrong.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

/** The function with a count of how often it was called. */
function counted<A extends readonly unknown[], R>(fn: (...args: A) => R) {
  let calls = 0
  const wrapped = (...args: A): R => {
    calls++
    return fn(...args)
  }
  return { fn: wrapped, calls: () => calls }
}

describe('the function is traced', () => {
  test('once per shape and dtype of its tensors', async () => {
    const { fn, calls } = counted((x: Tensor) => x.mul(2))
    const double = compile(fn)
    expect(await double(tensor([1, 2])).array()).toEqual([2, 4])
    expect(await double(tensor([3, 4])).array()).toEqual([6, 8])
    expect(calls()).toBe(1)
    expect(await double(tensor([1, 2, 3])).array()).toEqual([2, 4, 6])
    expect(await double(tensor([[1], [2]])).array()).toEqual([[2], [4]])
    expect(calls()).toBe(3)
    double(tensor([5, 6]))
    expect(calls()).toBe(3)
    expect(backend.compiled).toHaveLength(3)
  })

  test('once for each of the other arguments', async () => {
    const { fn, calls } = counted((x: Tensor, mode: string | boolean | null, scale?: bigint) =>
      x.mul(mode === 'double' ? 2 : 1).mul(Number(scale ?? 1n)),
    )
    const run = compile(fn)
    const x = tensor([1])
    expect(await run(x, 'double').array()).toEqual([2])
    expect(await run(x, 'plain').array()).toEqual([1])
    expect(await run(x, 'true').array()).toEqual([1])
    expect(await run(x, true).array()).toEqual([1])
    expect(await run(x, null).array()).toEqual([1])
    expect(calls()).toBe(5)
    expect(await run(x, null, 3n).array()).toEqual([3])
    expect(await run(x, null, 4n).array()).toEqual([4])
    expect(await run(x, 'double').array()).toEqual([2])
    expect(calls()).toBe(7)
  })

  test('once for each object that is no plain one, told apart by identity', async () => {
    class Scale {
      readonly factor: number
      constructor(factor: number) {
        this.factor = factor
      }
    }
    const scaled = compile((x: Tensor, { factor }: Scale) => x.mul(factor))
    const [two, three] = [new Scale(2), new Scale(3)]
    const results = [two, three, two].map((scale) => scaled(tensor([1]), scale))
    expect(await Promise.all(results.map((y) => y.item()))).toEqual([2, 3, 2])
  })

  test('once for each form of the arguments', async () => {
    const leaf = (name: string) => compile((tree: unknown) => read(tree, name))
    function read(tree: unknown, name: string): Tensor {
      const value = name.split('/').reduce<unknown>((at, key) => Object(at)[key], tree)
      return (value as Tensor).mul(10)
    }
    const nested = leaf('a/b')
    expect(await nested({ a: { b: tensor([1]) } }).array()).toEqual([10])
    expect(() => nested({ 'a.b': tensor([1]) })).toThrow()
    const first = compile((list: unknown) => Array.isArray(list))
    expect(first([tensor([1])])).toBe(true)
    expect(first({ 0: tensor([1]) })).toBe(false)
  })
})

describe('numbers', () => {
  test('in the arguments are inputs: other values run the same plan', async () => {
    const { fn, calls } = counted((x: Tensor, rate: Tensor) => x.mul(rate))
    const scaled = compile(fn)
    expect(await scaled(tensor([2]), 3).array()).toEqual([6])
    expect(await scaled(tensor([2]), -0.5).array()).toEqual([-1])
    expect(await scaled(tensor([2]), Number.NaN).array()).toEqual([Number.NaN])
    expect([calls(), backend.compiled.length]).toEqual([1, 1])
  })

  test('arrive as float32 scalars, at any depth', async () => {
    const run = compile(({ list: [a, b] }: { list: [Tensor, Tensor] }) => {
      expect([a.shape, a.dtype]).toEqual([[], 'float32'])
      return a.sub(b).exp()
    })
    const call: (tree: { list: number[] }) => Tensor = wrong(run)
    expect(await call({ list: [5, 5] }).item()).toBe(1)
    expect(await call({ list: [0, 1] }).item()).toBeCloseTo(Math.exp(-1), 6)
  })

  test('may be exchanged for tensors', async () => {
    const twice = compile((x: Tensor) => x.mul(2))
    expect(await twice(4).item()).toBe(8)
    expect(await twice(tensor([1, 2])).array()).toEqual([2, 4])
  })

  test('must be declared as what they arrive as', () => {
    // @ts-expect-error: Math.exp of a tensor is no number.
    const decay = compile((x: Tensor, n: number) => x.mul(Math.exp(n)))
    expect(() => decay(tensor([1]), 2)).toThrow()
    // @ts-expect-error: nor are those in a list.
    compile((x: Tensor, [rate]: number[]) => x.mul(rate ?? 1))
    // @ts-expect-error: nor one that may be left out.
    compile((x: Tensor, rate = 1) => x.mul(rate))
    // What is none or may be something else is no mistake.
    compile((x: Tensor, _other: unknown, _nothing?: undefined) => x)
    compile((a: TensorOperand<'float32'>, b?: Tensor | null) => [a, b])
  })

  test('are for float32', () => {
    const half = compile((x: Tensor<DType>, _rate?: Tensor) => x)
    expect(half(1, 2).dtype).toBe('float32')
    const count = compile((x: Tensor<'int32'>) => x.add(1))
    // @ts-expect-error: a number is float32, which nothing turns into int32.
    expect(count(1).dtype).toBe('float32')
  })

  test('of closures are fixed at the trace', async () => {
    let factor = 2
    const scaled = compile((x: Tensor) => x.mul(factor))
    expect(await scaled(tensor([1])).array()).toEqual([2])
    factor = 3
    expect(await scaled(tensor([1])).array()).toEqual([2])
    expect(await scaled(tensor([1, 1])).array()).toEqual([3, 3])
  })
})

describe('arguments', () => {
  test('may be pending, and one tensor twice', async () => {
    const sum = compile((a: Tensor, b: Tensor) => a.add(b.mul(10)))
    const x = tensor([1, 2]).mul(2)
    expect(await sum(x, x).array()).toEqual([22, 44])
    expect(await sum(x, x.neg()).array()).toEqual([-18, -36])
  })

  test('may be results of earlier calls', async () => {
    const next = compile((x: Tensor) => x.mul(2))
    let x = tensor([1, 2])
    for (let i = 0; i < 5; i++) x = next(x)
    expect(await x.array()).toEqual([32, 64])
    expect(await next(tensor([7, 7])).array()).toEqual([14, 14])
    expect(await x.array()).toEqual([32, 64])
  })

  test('of any dtype keep it', async () => {
    const chosen = compile((x: Tensor<'int32'>, mask: Tensor<'bool'>) => x.mul(mask.cast('int32')))
    const result = chosen(tensor([3, 4], { dtype: 'int32' }), tensor([true, false]))
    expect([result.dtype, await result.array()]).toEqual(['int32', [3, 0]])
  })
})

describe('closures', () => {
  test('may hold tensors, realised or not', async () => {
    const [data, pending] = [tensor([1, 2]), tensor([10, 20]).mul(10)]
    const sum = compile((x: Tensor) => x.add(data).add(pending))
    expect(await sum(tensor([0, 0])).array()).toEqual([101, 202])
    expect(await sum(tensor([5, 5])).array()).toEqual([106, 207])
  })

  test('that are pending are computed once, not by each call', async () => {
    const pending = tensor([1, 2]).exp()
    const sum = compile((x: Tensor) => x.add(pending))
    for (let i = 0; i < 3; i++) sum(tensor([0, 0]))
    const runs = backend.runs.flatMap(({ kernels }) => kernels.map(({ label }) => label))
    expect(runs.filter((label) => label.includes('exp'))).toHaveLength(1)
  })
})

describe('results', () => {
  test('come in the tree that the function returns', async () => {
    const run = compile((x: Tensor) => ({ all: [x.mul(2), { sum: x.sum() }], name: 'run', n: 3 }))
    const { all, name, n } = run(tensor([1, 2]))
    const [doubled, { sum }] = all as [Tensor, { sum: Tensor }]
    expect([await doubled.array(), await sum.item(), name, n]).toEqual([[2, 4], 3, 'run', 3])
  })

  test('may be arguments, closures, numbers, one tensor twice, or nothing', async () => {
    const closed = tensor([9])
    const run = compile((x: Tensor, n: Tensor) => {
      const y = x.neg()
      return [x, y, y, closed, n, zeros([0])]
    })
    const values = await Promise.all(run(tensor([1]), 5).map((result) => result.array()))
    expect(values).toEqual([[1], [-1], [-1], [9], 5, []])
    expect(compile(() => undefined)()).toBeUndefined()
    expect(compile((n: TensorOperand<'float32'>) => typeof n)(3)).toBe('object')
  })

  test('are tensors of their own, that live on when arguments are disposed', async () => {
    const same = compile((x: Tensor) => x)
    const x = tensor([1, 2])
    const y = same(x)
    x.dispose()
    expect(await y.array()).toEqual([1, 2])
  })

  test('do not change with later calls', async () => {
    const twice = compile((x: Tensor) => x.mul(2))
    const results = [1, 2, 3].map((n) => twice(tensor([n])))
    expect(await Promise.all(results.map((y) => y.item()))).toEqual([2, 4, 6])
  })
})

describe('inside another compiled function', () => {
  test('a call becomes part of that one', async () => {
    const inner = compile((x: Tensor) => x.mul(2))
    const outer = compile((x: Tensor) => inner(x).add(1))
    expect(await outer(tensor([1])).array()).toEqual([3])
    expect(backend.compiled).toHaveLength(1)
  })

  test('numbers arrive as tensors there too', async () => {
    const inner = compile((x: Tensor, rate: Tensor) => x.mul(rate.square()))
    const outer = compile((x: Tensor) => inner(x, 3))
    expect(await outer(tensor([2])).array()).toEqual([18])
  })
})

describe('what throws', () => {
  test.each<[string, (x: Tensor) => unknown]>([
    ['data', (x) => x.data()],
    ['array', (x) => x.array()],
    ['item', (x) => x.sum().item()],
  ])('reading by %s, saying what to do', (op, read) => {
    const reading = compile((x: Tensor) => {
      void read(x)
      return x.mul(2)
    })
    expect(() => reading(tensor([1]))).toThrow(TraceError)
    expect(() => reading(tensor([1]))).toThrow(
      `${op}: a read inside a function under compile, where values do not exist yet.\n` +
        '  Hint: return the tensor and read what the compiled call returns',
    )
  })

  test('reading a tensor that leaked from the function', async () => {
    const leaked: Tensor[] = []
    compile((x: Tensor) => {
      leaked.push(x, x.mul(2))
      return x
    })(tensor([1]))
    for (const x of leaked) {
      await expect(x.data()).rejects.toThrow(
        'read: a tensor float32 [1] that stands for an argument of a compiled function',
      )
    }
  })

  test('typed arrays among the arguments, which would be traced again for each', () => {
    const double = compile((x: unknown) => tensor(x as Float32Array).mul(2))
    expect(() => double(new Float32Array([1]))).toThrow(ArgumentError)
  })

  test('an async function', () => {
    const run = compile(async (x: Tensor) => x.mul(2))
    expect(() => run(tensor([1]))).toThrow(TraceError)
  })

  test('what the function throws, and nothing is kept of that', async () => {
    let isBroken = true
    const run = compile((x: Tensor) => {
      if (isBroken) throw new Error('broken')
      return x.matmul(tensor([[1], [2]]))
    })
    expect(() => run(tensor([[1, 1]]))).toThrow('broken')
    isBroken = false
    expect(await run(tensor([[1, 1]])).array()).toEqual([[3]])
    expect(() => run(tensor([[1, 1, 1]]))).toThrow(ShapeError)
    // Reading works again: the trace has ended.
    expect(await tensor([1]).array()).toEqual([1])
  })
})
