import { beforeEach, describe, expect, test } from 'vitest'
import {
  compile,
  flip,
  gradients,
  Parameter,
  realize,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

const contentOf = (parameter: Parameter) => parameter.value.array()

describe('parameters', () => {
  test('are read as they are at each call', async () => {
    const p = new Parameter(tensor([1]))
    const sum = compile((x: Tensor) => x.add(p.value))
    expect(await sum(tensor([1])).array()).toEqual([2])
    p.assign(tensor([10]))
    expect(await sum(tensor([1])).array()).toEqual([11])
    expect(backend.compiled.filter(({ scalars }) => scalars.length === 0).length).toBeLessThan(4)
  })

  test('are assigned in place, with no more memory from step to step', async () => {
    const p = new Parameter(tensor([1, 2]))
    const step = compile(() => p.assign(p.value.mul(2)))
    for (let i = 0; i < 3; i++) step()
    const before = backend.live.size
    for (let i = 0; i < 5; i++) step()
    expect(backend.live.size).toBe(before)
    expect(await contentOf(p)).toEqual([256, 512])
  })

  test('that cannot be assigned in place leave no buffer behind', async () => {
    const p = new Parameter(tensor([1, 2, 3]))
    const step = compile(() => p.assign(flip(p.value)))
    step()
    const before = backend.live.size
    for (let i = 0; i < 5; i++) step()
    expect(backend.live.size).toBe(before)
    expect(backend.compiled.at(-1)?.outputs).toMatchObject([{ donated: undefined }])
    const held = p.value
    step()
    expect(await held.array()).toEqual([1, 2, 3])
    expect(await contentOf(p)).toEqual([3, 2, 1])
    expect(await p.value.mul(2).array()).toEqual([6, 4, 2])
  })

  test('show what was assigned to the rest of the function, and the last value afterwards', async () => {
    const p = new Parameter(tensor([1]))
    const step = compile(() => {
      const before = p.value
      p.assign(before.add(1))
      const between = p.value
      p.assign(between.mul(10))
      return [before, between, p.value]
    })
    const seen = await Promise.all(step().map((value) => value.item()))
    expect([seen, await contentOf(p)]).toEqual([[1, 2, 20], [20]])
    const again = await Promise.all(step().map((value) => value.item()))
    expect([again, await contentOf(p)]).toEqual([[20, 21, 210], [210]])
  })

  test('may be assigned without being read, and to each other', async () => {
    const [p, q] = [new Parameter(tensor([1])), new Parameter(tensor([2]))]
    compile((x: Tensor) => p.assign(x))(tensor([7]))
    compile(() => q.assign(p.value))()
    compile(() => p.assign(p.value.add(1)))()
    expect([await contentOf(p), await contentOf(q)]).toEqual([[8], [7]])
  })

  test('with equal first values do not share memory', async () => {
    const [p, q] = [new Parameter(zeros([3])), new Parameter(zeros([3]))]
    const step = compile(() => {
      p.assign(p.value.add(1))
      q.assign(q.value.add(10))
    })
    step()
    step()
    expect([await contentOf(p), await contentOf(q)]).toEqual([
      [2, 2, 2],
      [20, 20, 20],
    ])
  })

  test('given one value by a step do not share memory', async () => {
    const [p, q] = [new Parameter(zeros([2])), new Parameter(zeros([2]))]
    const set = compile((x: Tensor) => {
      const y = x.mul(2)
      p.assign(y)
      q.assign(y)
      return y
    })
    const y = set(tensor([1, 2]))
    compile(() => p.assign(p.value.neg()))()
    expect([await contentOf(p), await contentOf(q), await y.array()]).toEqual([
      [-2, -4],
      [2, 4],
      [2, 4],
    ])
  })

  test('may be made inside, and then keep their state', async () => {
    let counter: Parameter | undefined
    const count = compile(() => {
      counter ??= new Parameter(zeros([]))
      counter.assign(counter.value.add(1))
      return counter.value
    })
    const counts = [count(), count(), count()]
    expect(await Promise.all(counts.map((value) => value.item()))).toEqual([1, 2, 3])
  })

  test('made inside of an argument are refused', async () => {
    let made: Parameter | undefined
    const run = compile((x: Tensor) => {
      made ??= new Parameter(x.mul(2))
      return made.value.add(x)
    })
    await expect((async () => run(tensor([1])).data())()).rejects.toThrow('compiled function')
  })

  test('of a wrong shape or dtype are refused where they are assigned', () => {
    const p = new Parameter(zeros([2]), { name: 'kernel' })
    expect(() => compile(() => p.assign(zeros([3])))()).toThrow(
      'assign to kernel: a tensor [3]; wanted [2].',
    )
  })
})

describe('a value that the program holds', () => {
  test('survives the next steps', async () => {
    const p = new Parameter(tensor([1]))
    const step = compile(() => p.assign(p.value.mul(2)))
    const held = [p.value]
    for (let i = 0; i < 3; i++) {
      step()
      held.push(p.value)
    }
    expect(await Promise.all(held.map((value) => value.item()))).toEqual([1, 2, 4, 8])
  })

  test('and was returned by a step survives them too', async () => {
    const p = new Parameter(tensor([1]))
    const step = compile(() => {
      p.assign(p.value.mul(2))
      return p.value
    })
    const returned = [step(), step(), step()]
    expect(await Promise.all(returned.map((value) => value.item()))).toEqual([2, 4, 8])
  })

  test('keeps what is computed from it later', async () => {
    const p = new Parameter(tensor([3]))
    const pending = p.value.mul(10)
    const step = compile(() => p.assign(p.value.add(1)))
    step()
    step()
    expect([await pending.array(), await contentOf(p)]).toEqual([[30], [5]])
  })

  test('is not needed: the step is in place again when nobody holds one', async () => {
    const p = new Parameter(tensor([1]))
    const step = compile(() => p.assign(p.value.add(1)))
    step()
    await contentOf(p)
    step()
    step()
    const donated = backend.runs.map(({ outputs }) => outputs[0]?.donated)
    expect(donated.slice(-2)).toEqual([undefined, 0])
  })
})

test('gradient descent on a parameter', async () => {
  const w = new Parameter(tensor([0, 0]))
  const [x, y] = [
    tensor([
      [1, 0],
      [0, 1],
      [1, 1],
    ]),
    tensor([1, 2, 3]),
  ]
  const step = compile((rate: Tensor) => {
    const loss = x.matmul(w.value).sub(y).square().mean()
    const [dw] = gradients(loss, [w])
    w.assign(w.value.sub(dw.mul(rate)))
    return loss
  })
  let loss = step(0.3)
  for (let i = 0; i < 60; i++) loss = step(0.3)
  expect(await loss.item()).toBeLessThan(1e-6)
  expect((await w.value.data())[1]).toBeCloseTo(2, 3)
})

describe('a backend that fails', () => {
  const failAt = (operation: string, countdown = 1) => {
    let left = countdown
    backend.before = (now) => {
      if (now === operation && --left === 0) throw new Error(`no ${operation}`)
    }
  }

  /** `q` can be updated in place; `p` can not, because somebody holds its value. */
  async function fixture() {
    const [p, q] = [new Parameter(tensor([1, 2])), new Parameter(tensor([3, 4]))]
    const held = p.value
    await realize(held)
    const step = compile((x: Tensor) => {
      q.assign(q.value.mul(2))
      p.assign(p.value.add(x))
      return x.neg()
    })
    return { p, q, held, step }
  }

  test.each([
    ['compile', 1],
    ['allocate', 1],
    ['allocate', 2],
    ['allocate', 3],
    ['allocate', 4],
    ['allocate', 5],
    ['write', 1],
  ])('to %s, the %dth time, leaves parameters as they were', async (operation, countdown) => {
    const { p, q, held, step } = await fixture()
    failAt(operation, countdown)
    expect(() => step(tensor([1, 1]))).toThrow(`no ${operation}`)
    expect([await contentOf(p), await contentOf(q), await held.array()]).toEqual([
      [1, 2],
      [3, 4],
      [1, 2],
    ])
    expect(await step(tensor([1, 1])).array()).toEqual([-1, -1])
    expect([await contentOf(p), await contentOf(q)]).toEqual([
      [2, 3],
      [6, 8],
    ])
  })

  test('to run keeps what was not written in place, and names what was', async () => {
    const { p, q, step } = await fixture()
    failAt('run', 2)
    expect(() => step(tensor([1, 1]))).toThrow('no run')
    expect(await contentOf(p)).toEqual([1, 2])
    await expect(contentOf(q)).rejects.toThrow(/lost|no run/)
    q.assign(tensor([5, 6]))
    expect(await contentOf(q)).toEqual([5, 6])
    step(tensor([1, 1]))
    expect([await contentOf(p), await contentOf(q)]).toEqual([
      [2, 3],
      [10, 12],
    ])
  })
})
