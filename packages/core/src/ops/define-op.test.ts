import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  compile,
  defineComposite,
  defineOp,
  explain,
  gradients,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wrong } from '../wrong.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

/** Every second element of a vector, from `start` on. */
const everySecond = defineOp<'x', { start: number }>({
  name: 'everySecond',
  infer: ({ x }) => {
    if (x.shape.length !== 1) {
      throw new ShapeError('everySecond', { got: `rank ${x.shape.length}`, wanted: 'a vector' })
    }
    return { shape: [Math.floor((x.shape[0] ?? 0) / 2)], dtype: x.dtype }
  },
  lower: ({ x }, { at: [i], attributes, space }) =>
    x.at((i ?? space.constant(0)).mul(2).add(attributes.start)),
})

describe('defineOp', () => {
  test('makes an op of a record', async () => {
    const x = tensor([0, 1, 2, 3, 4, 5])
    expect(await everySecond.apply({ x }, { start: 0 }).array()).toEqual([0, 2, 4])
    expect(await everySecond.apply({ x: x.mul(10) }, { start: 1 }).array()).toEqual([10, 30, 50])
  })

  test('throws what its shape rule throws, at the call', () => {
    expect(() => everySecond.apply({ x: tensor(1) }, { start: 0 })).toThrow(
      'everySecond: rank 0; wanted a vector.',
    )
  })

  test('may reduce and guard', async () => {
    const windowSum = defineOp<'x'>({
      name: 'windowSum',
      infer: ({ x }) => x,
      lower: ({ x }, { at: [i], reduce, guarded, space }) =>
        reduce('sum', [3], ([k]) => {
          const index = (i ?? space.constant(0)).add(k ?? 0).sub(1)
          return guarded([{ index, low: 0, high: x.shape[0] ?? 0 }], () => x.at(index), 0)
        }),
    })
    expect(await windowSum.apply({ x: tensor([1, 2, 3, 4]) }, {}).array()).toEqual([3, 6, 9, 7])
  })

  test('refuses what is no tensor of this copy of core', () => {
    const foreign: Tensor = wrong({ node: {}, shape: [2], dtype: 'float32' })
    expect(() => everySecond.apply({ x: foreign }, { start: 0 })).toThrow(ArgumentError)
    expect(() => everySecond.apply({ x: foreign }, { start: 0 })).toThrow(
      'everySecond: x is a tensor of another copy of @tensorweft/core',
    )
    expect(() => tensor([1]).add(wrong([1]))).toThrow(ArgumentError)
  })
})

describe('defineComposite', () => {
  const softcap = defineComposite('softcap', (x: Tensor, cap: number) => x.div(cap).tanh().mul(cap))

  test('computes what its function computes, with its gradients', async () => {
    const x = tensor([1, -2])
    const plain = x.div(3).tanh().mul(3)
    expect(await softcap(x, 3).array()).toEqual(await plain.array())
    const [dx] = gradients(softcap(x, 3).square().sum(), [x])
    const [expected] = gradients(plain.square().sum(), [x])
    expect(await dx.array()).toEqual(await expected.array())
  })

  test('is named in the plan, and costs no kernel', () => {
    const step = compile((x: Tensor) => softcap(x.mul(2), 3).add(1))
    const text = explain(step, tensor([1, 2]))
    expect(text).toContain('softcap')
    expect(text).toMatch(/^1 kernel,/)
  })

  test('may give back its argument, and be inside another', async () => {
    const same = defineComposite('same', (x: Tensor) => x)
    const outer = defineComposite('outer', (x: Tensor) => softcap(same(x), 2))
    expect(await outer(tensor([0])).array()).toEqual([0])
    const x = tensor([5])
    expect(await gradients(same(x).mul(2).sum(), x).array()).toEqual([2])
  })
})
