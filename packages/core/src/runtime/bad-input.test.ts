import { beforeEach, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  argMax,
  BackendError,
  type Capabilities,
  compile,
  DisposedError,
  equal,
  GradientError,
  grad,
  gradients,
  Layer,
  Parameter,
  realize,
  type Shape,
  setBackend,
  setDefaultBackend,
  stopGradient,
  type Tensor,
  TensorweftError,
  TraceError,
  tensor,
  where,
  withBackend,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wrong } from '../wrong.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

/** Whether everything works as if nothing had happened. */
async function works(): Promise<void> {
  const x = tensor([1, 2])
  const [dx] = gradients(x.square().sum(), [x])
  expect(await dx.array()).toEqual([2, 4])
  expect(await compile((x: Tensor) => x.add(1))(x).array()).toEqual([2, 3])
}

describe('a compiled function', () => {
  const fixture = () => {
    let traces = 0
    const call = compile(
      (x: Tensor, { scale }: { scale: Tensor | number }, mode: string | undefined) => {
        traces++
        return mode === 'negative' ? x.mul(scale).neg() : x.mul(scale)
      },
    )
    return { call, traces: () => traces }
  }

  test('is compiled anew for other shapes, dtypes and options', async () => {
    const { call, traces } = fixture()
    expect(await call(tensor([1, 2]), { scale: 2 }, undefined).array()).toEqual([2, 4])
    expect(await call(tensor([[3]]), { scale: 2 }, undefined).array()).toEqual([[6]])
    expect(await call(tensor([3]), { scale: tensor([4, 5]) }, 'negative').array()).toEqual([
      -12, -15,
    ])
    expect(await call(tensor([3]), { scale: tensor([4, 5]) }, 'positive').array()).toEqual([12, 15])
    expect(traces()).toBe(4)
  })

  test.each<[string, unknown[], string]>([
    [
      'a string for a tensor',
      ['1', { scale: 2 }],
      'compile: argument 0 is a string; wanted a tensor or a number, as in the first call.\n' +
        '  Hint: make a tensor of values, tensor(values)',
    ],
    ['an array for a tensor', [[1, 2], { scale: 2 }], 'argument 0 is an array'],
    ['a bool in an object', [tensor([1]), { scale: true }], 'argument 1.scale is a boolean'],
    ['a tensor for an object', [tensor([1]), tensor([1])], 'argument 1 is a tensor or a number'],
    ['a typed array', [new Float32Array(2), { scale: 2 }], 'a Float32Array among the arguments'],
  ])('refuses %s', async (_, args, message) => {
    const { call } = fixture()
    const x = tensor([1, 2])
    expect(await call(x, { scale: 2 }, undefined).array()).toEqual([2, 4])
    const wrong = () => call(...(args as Parameters<typeof call>))
    expect(wrong).toThrow(ArgumentError)
    expect(wrong).toThrow(message)
    expect(await call(x, { scale: 3 }, undefined).array()).toEqual([3, 6])
  })

  test('that reads fails when it is traced, and the next one is traced as ever', async () => {
    const p = new Parameter(tensor([1]))
    for (const read of [
      (x: Tensor) => x.data(),
      (x: Tensor) => x.array(),
      (x: Tensor) => x.item(),
      (x: Tensor) => realize(x),
    ]) {
      const reading = compile((x: Tensor) => {
        p.assign(p.value.add(x))
        void read(p.value)
      })
      expect(() => reading(tensor([1]))).toThrow(TraceError)
      expect(() => reading(tensor([1]))).toThrow('a read inside a function under compile')
      const awaiting = compile(async (x: Tensor) => read(x))
      expect(() => awaiting(tensor([1]))).toThrow('a function that returns a promise')
    }
    await works()
    expect(await p.value.array()).toEqual([1])
  })
})

describe('a tensor that is gone', () => {
  test('by dispose() is refused by ops, reads, compiled functions and gradients', async () => {
    const [x, w] = [tensor([1, 2]), tensor([3, 4])]
    const y = w.mul(2).sum()
    const double = compile((x: Tensor) => x.mul(2))
    double(w)
    x.dispose()
    for (const use of [() => x.add(1), () => w.add(x), () => double(x), () => gradients(y, [x])]) {
      expect(use).toThrow(DisposedError)
      expect(use).toThrow('a tensor float32 [2] that was disposed; wanted a live one')
    }
    expect(() => x.add(1)).toThrow('add: a tensor')
    await expect(x.data()).rejects.toThrow(DisposedError)
    await expect(realize(w, x)).rejects.toThrow(DisposedError)
    expect(() => new Parameter(x)).toThrow(DisposedError)
    await works()
  })

  test('with its backend says so, and parameters can be assigned again', async () => {
    const x = tensor([1, 2]).neg()
    const p = new Parameter(tensor([5]))
    await realize(x, p.value)
    backend.before = (operation) => {
      throw new BackendError(`naive.${operation}`, { got: 'a backend that was disposed' })
    }
    await expect(x.data()).rejects.toThrow('naive')
    await setBackend(new NaiveBackend('other'))
    const message =
      'read: a tensor float32 [2] that is on naive, which says: a backend that was disposed; ' +
      'wanted values on a backend that is alive'
    await expect(x.data()).rejects.toThrow(message)
    await expect(x.mul(2).data()).rejects.toThrow(BackendError)
    const advice = { wanted: 'a device that is there', hint: 'connect anew' }
    backend.before = () => {
      throw new BackendError('naive.read', { got: 'a device that was lost', ...advice })
    }
    await expect(x.data()).rejects.toMatchObject(advice)
    const step = compile(() => {
      p.assign(p.value.add(1))
      return p.value
    })
    await expect(step().data()).rejects.toThrow('that is on naive')
    await works()
    p.assign(tensor([7]))
    expect(await step().item()).toBe(8)
  })
})

describe('a backend for another contract', () => {
  class Foreign extends NaiveBackend {
    override readonly capabilities: Capabilities

    constructor(version: number | undefined) {
      super('foreign')
      const { capabilities } = new NaiveBackend()
      this.capabilities = { ...capabilities, contractVersion: version } as Capabilities
    }
  }

  test.each([1, 99, undefined])('of version %s is refused', async (version) => {
    const foreign = new Foreign(version)
    await expect(setBackend(foreign)).rejects.toThrow(BackendError)
    await expect(setBackend(foreign)).rejects.toThrow(
      `setBackend: the backend foreign for version ${version} of the contract with core; wanted version`,
    )
    await expect(withBackend(foreign, () => tensor([1]).data())).rejects.toThrow('withBackend: the')
    expect(foreign.runs).toEqual([])
    setDefaultBackend(() => foreign)
    await works()
  })
})

describe('gradients', () => {
  test.each<[string, (x: Tensor) => Tensor, string]>([
    [
      'an accuracy',
      (x) =>
        equal(argMax(x), tensor([1], { dtype: 'int32' }))
          .cast('float32')
          .mean(),
      'bool values, such as that of equal',
    ],
    ['what was cast to integers', (x) => x.cast('int32').cast('float32').sum(), 'int32 values'],
    ['a comparison', (x) => where(x.greater(0), 1, tensor([[2, 2]])).sum(), 'bool values'],
  ])('of %s alone are refused', async (_, f, values) => {
    const x = tensor([[0.5, -1]])
    expect(() => gradients(f(x), [x])).toThrow(GradientError)
    expect(() => gradients(f(x), [x])).toThrow(
      `gradients: y depends on the xs only through ${values}`,
    )
    // Beside a way of floats, and where they are meant, they are zeros.
    expect(gradients(f(x).add(x.sum()), [x])).toHaveLength(1)
    const stopped = gradients(f(stopGradient(x)), [x])[0]
    expect(await stopped?.array()).toEqual([[0, 0]])
    await works()
  })

  test('of higher order may end in comparisons', async () => {
    const slope = grad((x: Tensor) => x.relu().sum())
    expect(await grad((x: Tensor) => slope(x).sum())(tensor([1, -1])).array()).toEqual([0, 0])
  })

  test('by a parameter that was assigned in between are those by the value that was used', async () => {
    const step = (p: Parameter) => {
      const loss = p.value.square().sum()
      p.assign(p.value.mul(10))
      const [late] = gradients(loss, [p])
      const [now] = gradients(p.value.square().sum(), [p])
      return { late, now }
    }
    for (const run of [step, (p: Parameter) => compile(() => step(p))()]) {
      const { late, now } = run(new Parameter(tensor([3])))
      expect([await late?.item(), await now?.item()]).toEqual([6, 60])
    }
  })

  test('by a parameter of which several earlier values were used are refused', async () => {
    const twice = (p: Parameter) => {
      const first = p.value
      p.assign(first.add(1))
      const loss = first.mul(p.value).sum()
      p.assign(first.add(2))
      expect(gradients(loss, [first])).toHaveLength(1)
      return gradients(loss, [p])
    }
    const message = 'gradients: y was computed from 2 earlier values of kernel; wanted one of them'
    const p = new Parameter(tensor([3]), { name: 'kernel' })
    expect(() => twice(p)).toThrow(message)
    expect(() => compile(() => twice(p))()).toThrow(message)
    await works()
  })

  test('do not go through an assignment, read or not, compiled or not', async () => {
    const q = tensor([2])
    const assigned = async (reads: boolean) => {
      const p = new Parameter(q.mul(3))
      p.assign(q.square())
      if (reads) await p.value.data()
      const [dq] = gradients(p.value.mul(q).sum(), [q])
      return dq.item()
    }
    expect([await assigned(false), await assigned(true)]).toEqual([4, 4])
    const p = new Parameter(q)
    const inside = compile((q: Tensor) => {
      p.assign(q.square())
      const [dq] = gradients(p.value.mul(q).sum(), [q])
      return dq
    })
    expect(await inside(q).item()).toBe(4)
  })
})

describe('what is no tensor, list of axes or function is refused with a typed error:', () => {
  const options: never = wrong({ axis: 0 })
  const list: never = wrong([1, 2])

  test.each<[string, () => unknown, string]>([
    [
      'a number that is assigned',
      () => parameter().assign(wrong(3)),
      'assign to w: value is number',
    ],
    ['a list that is assigned', () => parameter().assign(list), 'assign to w: value is an array'],
    ['a parameter of a list', () => new Parameter(list), 'Parameter: initial is an array'],
    ['options for axes', () => tensor([[1]]).sum(options), 'sum: axis [object Object]'],
    ['options for an axis', () => argMax(tensor([[1]]), options), 'argMax: axis [object Object]'],
    ['a list for a layer', () => new Same().apply(wrong([[1, 2]])), 'apply: x is an array'],
    [
      'a number to compile',
      () => compile(wrong<() => void>(3)),
      'compile: number; wanted a function',
    ],
  ])('%s', (_, use, message) => {
    expect(use).toThrow(TensorweftError)
    expect(use).toThrow(message)
  })

  const parameter = () => new Parameter(tensor([1, 2]), { name: 'w' })

  class Same extends Layer {
    override build(inputShape: Shape): Shape {
      return inputShape
    }

    override call(x: Tensor): Tensor {
      return x
    }
  }
})
