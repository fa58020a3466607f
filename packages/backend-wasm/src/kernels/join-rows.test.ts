import { cpu } from '@tensorweft/backend-cpu'
import {
  type Backend,
  compile,
  conv2d,
  gradients,
  type LoopKernel,
  setBackend,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { affine, apply, load, Random } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'
import { joinRows, vectorsAtOnce } from './join-rows.ts'

function randomTensor(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1)
  return tensor(new Random(seed).floats(size), { shape })
}

type Shape = readonly number[]
type Sum = (a: Tensor, b: Tensor) => Tensor

/** Compares with the cpu backend, and bit by bit with other numbers of threads. */
async function expectAlike(sum: Sum, a: Shape, b: Shape): Promise<void> {
  const run = async (backend: Backend): Promise<number[]> => {
    await setBackend(backend)
    const result = compile(sum)(randomTensor(a, 3), randomTensor(b, 4))
    return Array.from(await result.data())
  }
  const wanted = await run(cpu())
  const got = await run(wasm({ threads: 1 }))
  const largest = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1)
  const worst = got.reduce((most, x, k) => Math.max(most, Math.abs(x - (wanted[k] ?? 0))), 0)
  expect(got).toHaveLength(wanted.length)
  expect(worst / largest).toBeLessThan(2e-6)
  for (const threads of [2, 3]) {
    const backend = wasm({ threads })
    expect(await run(backend)).toEqual(got)
    await backend.dispose()
  }
}

const convolve =
  (strides: number): Sum =>
  (x, filters) =>
    conv2d(x, filters, { strides, padding: 'same' })

const byFilters: Sum = (x, filters) => {
  const y = convolve(1)(x, filters)
  return gradients(y.square().sum(), { filters }).filters
}

const byInput: Sum = (x, filters) => {
  const y = convolve(1)(x, filters)
  return gradients(y.square().sum(), { x }).x
}

const images: readonly Shape[] = [
  [8, 9, 5, 32],
  [1, 17, 19, 20],
  [3, 5, 7, 33],
  [2, 16, 16, 6],
]

describe('convolutions with few filters or channels', () => {
  for (const shape of images) {
    for (const few of [1, 2, 3]) {
      const filters = [3, 3, shape[3] ?? 1, few]
      const name = `${shape.join('×')}, ${few} filters`
      test(`forward, ${name}`, () => expectAlike(convolve(1), shape, filters))
      test(`forward with stride 2, ${name}`, () => expectAlike(convolve(2), shape, filters))
      test(`gradient by filters, ${name}`, () => expectAlike(byFilters, shape, filters))
      const thin = [...shape.slice(0, 3), few]
      const many = [3, 3, few, shape[3] ?? 1]
      test(`gradient by input, ${name}`, () => expectAlike(byInput, thin, many))
    }
  }
})

const products: readonly (readonly [Shape, Shape])[] = [
  [
    [33, 70],
    [70, 1],
  ],
  [
    [64, 5000],
    [5000, 1],
  ],
  [
    [19, 5001],
    [5001, 2],
  ],
  [
    [2, 64],
    [64, 90],
  ],
  [
    [4, 7, 40],
    [4, 40, 2],
  ],
  [
    [1, 300],
    [300, 1],
  ],
]

describe('products with a vector or two', () => {
  for (const [a, b] of products) {
    test(`${a.join('×')} by ${b.join('×')}`, () => expectAlike((x, y) => x.matmul(y), a, b))
    test(`the first factor transposed, ${a.join('×')} by ${b.join('×')}`, () => {
      const transposed = [...a.slice(0, -2), a.at(-1) ?? 1, a.at(-2) ?? 1]
      const axes = a.map((_, axis) => axis)
      const swapped = [...axes.slice(0, -2), a.length - 1, a.length - 2]
      return expectAlike((x, y) => x.transpose(swapped).matmul(y), transposed, b)
    })
  }

  test('a product that is needed beside its sum', () =>
    expectAlike(
      (x, y) => {
        const products = x.mul(y)
        return products.sum([1]).add(products.max([1]))
      },
      [32, 50],
      [1, 50],
    ))
})

/** `out[a, b] = Σ over k of x[a, k] · y[b, k]`. */
function sumKernel(a: number, b: number, k: number): LoopKernel {
  const program = [
    load('float32', 0, affine([k, 0, 1])),
    load('float32', 1, affine([0, k, 1])),
    apply('float32', 'mul', 0, 1),
  ]
  return {
    kind: 'reduce',
    label: 'product',
    axes: [a, b, k],
    outer: 2,
    operands: [0, 1, 2].map((slot) => ({ slot, dtype: 'float32' as const })),
    stages: [
      {
        over: 'all',
        program,
        reductions: [{ combiner: 'sum', value: 2, dtype: 'float32' }],
        stores: [],
      },
      {
        over: 'outer',
        program: [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
        reductions: [],
        stores: [{ value: 0, operand: 2, index: affine([b, 1]) }],
      },
    ],
  }
}

describe('sums that are computed together', () => {
  const loads = (kernel: LoopKernel) =>
    kernel.stages[0]?.program.filter(({ op }) => op === 'load').length

  test('load each factor once: four rows by two columns', () => {
    const [joined, ...rest] = joinRows(sumKernel(8, 6, 50), [0, 1], 2) ?? []
    expect(rest).toEqual([])
    expect(joined?.axes).toEqual([2, 3, 50])
    expect(joined?.stages[0]?.reductions).toHaveLength(8)
    expect(joined && loads(joined)).toBe(6)
    expect(joined?.stages[1]?.stores.map(({ index }) => index.constant)).toEqual([
      ...[0, 6, 12, 18, 1, 7, 13, 19],
    ])
  })

  test('leave a rest of a long axis, none of a short one', () => {
    const kernels = joinRows(sumKernel(17, 1, 50), [0], 2) ?? []
    expect(kernels.map(({ axes }) => axes[0])).toEqual([4, 1])
    expect(kernels.map(({ stages }) => stages[0]?.reductions.length)).toEqual([4, 1])
    expect(joinRows(sumKernel(7, 1, 50), [0], 2)).toBeUndefined()
  })

  test('take what is too large for caches in order', () => {
    const rows = (kernel: LoopKernel[] | undefined) => kernel?.[0]?.axes.slice(0, 2)
    expect(rows(joinRows(sumKernel(1000, 2, 1000), [0, 1], 2))).toEqual([250, 1])
    expect(rows(joinRows(sumKernel(2000, 2, 1000), [0, 1], 2))).toEqual([2000, 1])
    expect(joinRows(sumKernel(2000, 1, 1000), [0], 2)).toBeUndefined()
  })

  test('take as many vectors at once as there are registers for', () => {
    expect([1, 3, 4, 8, 12].map((rows) => vectorsAtOnce(8, rows))).toEqual([8, 4, 2, 1, 1])
    expect(vectorsAtOnce(7, 4)).toBe(1)
  })
})
