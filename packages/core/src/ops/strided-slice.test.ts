import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  gradients,
  ShapeError,
  setBackend,
  stridedSlice,
  tensor,
  zeros,
} from '../index.ts'
import { Random } from '../index-algebra/random.testing.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { planOf, wave } from '../schedule/plans.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

/** Positions that Python's `range(n)[begin:end:stride]` has, walked one by one. */
function pythonSlice(n: number, begin: number | null, end: number | null, stride: number) {
  const resolve = (bound: number) => (bound < 0 ? bound + n : bound)
  const inside = (position: number) => position >= 0 && position < n
  const first = begin === null ? (stride > 0 ? 0 : n - 1) : resolve(begin)
  const stop = end === null ? (stride > 0 ? n : -1) : Math.max(resolve(end), -1)
  const start = stride > 0 ? Math.max(first, 0) : Math.min(first, n - 1)
  const found: number[] = []
  for (let at = start; stride > 0 ? at < stop : at > stop; at += stride) {
    if (!inside(at)) break
    found.push(at)
  }
  return found
}

describe('stridedSlice', () => {
  test('takes what Python takes, for random bounds', async () => {
    const random = new Random(3)
    const bound = () => (random.integer(0, 3) === 0 ? null : random.integer(-9, 9))
    for (let i = 0; i < 300; i++) {
      const n = random.integer(0, 7)
      const [begin, end] = [bound(), bound()]
      const stride = random.pick([1, 2, 3, 5, 9, -1, -2, -3, -8])
      const x = tensor(new Float32Array(n).map((_, at) => at))
      const got = [...(await stridedSlice(x, [begin], [end], [stride]).data())]
      expect(got, `range(${n})[${begin}:${end}:${stride}]`).toEqual(
        pythonSlice(n, begin, end, stride),
      )
    }
  })

  test('without strides takes neighbours', async () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(await stridedSlice(x, [1, null], [null, -1]).array()).toEqual([[4, 5]])
  })

  test('the gradient is 0 between the elements that are taken', async () => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7])
    const taken = stridedSlice(x, [null], [1], [-2])
    expect(await taken.array()).toEqual([7, 5, 3])
    expect(await gradients(taken.mul(tensor([1, 2, 3])).sum(), x).array()).toEqual([
      0, 0, 3, 0, 2, 0, 1,
    ])
  })

  test('is a view: the reader steps through the array', () => {
    const build = () => [stridedSlice(wave([10, 8]), [8, 1], [null, 7], [-3, 2]).relu()]
    const [kernel, another] = planOf(build).kernels
    expect(another).toBeUndefined()
    const steps = kernel?.kind === 'map' ? (kernel.stages[0]?.program ?? []) : []
    const [load] = steps.filter((step) => step.op === 'load')
    expect(load?.op === 'load' ? load.within : 'none').toEqual([])
    expect(load?.op === 'load' ? load.index.digits : 'none').toEqual([])
  })

  test('refuses what does not fit', () => {
    const x = zeros([3, 4])
    expect(() => stridedSlice(x, [0], [1])).toThrow(ShapeError)
    expect(() => stridedSlice(x, [0, 0], [1], [1, 1])).toThrow('end [1] for a tensor of rank 2')
    expect(() => stridedSlice(x, [0, 0], [1, 1], [1])).toThrow('strides [1] for a tensor of rank 2')
    expect(() => stridedSlice(x, [0, 0], [1, 1], [0, 1])).toThrow(ArgumentError)
    expect(() => stridedSlice(x, [0.5, 0], [1, 1])).toThrow('stridedSlice: 0.5 in begin')
  })
})
