import { cpu } from '@tensorweft/backend-cpu'
import type { ContractKernel, Plan, RangeData, Step, TypedArray } from '@tensorweft/core'
import { affine, apply, load, operandsOf, planOf, Random, runPlan } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'

/** Sums of K products in float32 against sums in float64, relative to the largest result. */
async function check(plan: Plan, inputs: readonly TypedArray[]) {
  const wanted = await runPlan(cpu(), plan, inputs)
  const got = await runPlan(wasm(), plan, inputs, [], 2)
  wanted.forEach((array, output) => {
    const largest = Array.from(array).reduce((most, x) => Math.max(most, Math.abs(x)), 1)
    let worst = 0
    array.forEach((value: number, k: number) => {
      const error = Math.abs(value - (got[output]?.[k] ?? Number.NaN)) / largest
      if (!(error <= worst)) worst = error
    })
    expect(worst, `output ${output}`).toBeLessThan(2e-6)
  })
}

const float32 = (size: number) => ({ dtype: 'float32' as const, size })
const sum: Step = { op: 'reduced', dtype: 'float32', reduction: 0 }

interface ProductForm {
  readonly axes: readonly number[]
  readonly groups: Pick<ContractKernel, 'batch' | 'm' | 'n' | 'k'>
  readonly left: Step
  readonly right: Step
  readonly sizes: readonly [left: number, right: number, result: number]
  readonly result: readonly number[]
}

function productPlan({ axes, groups, left, right, sizes, result }: ProductForm): Plan {
  const specs = sizes.map(float32)
  const kernel: ContractKernel = {
    kind: 'contract',
    label: 'product',
    axes,
    ...groups,
    operands: operandsOf(...specs),
    left: { program: [left] },
    right: { program: [right] },
    epilogue: [sum],
    stores: [{ value: 0, operand: 2, index: affine(result) }],
  }
  return planOf({ kernels: [kernel], inputs: specs.slice(0, 2), outputs: specs.slice(2) })
}

async function checkProduct(form: ProductForm) {
  const random = new Random(form.sizes[0])
  await check(productPlan(form), [random.floats(form.sizes[0]), random.floats(form.sizes[1])])
}

const shapes: readonly (readonly [batch: number, m: number, n: number, k: number])[] = [
  [1, 1, 1, 1],
  [1, 4, 8, 8],
  [1, 5, 9, 3],
  [1, 97, 3, 321],
  [1, 3, 241, 641],
  [3, 13, 11, 17],
  [2, 100, 10, 256],
  [1, 101, 257, 33],
  [1, 7, 1500, 700],
  [1, 1030, 9, 900],
  [2, 201, 40, 650],
  [1, 210, 1100, 641],
  [1, 1, 300, 9],
  [1, 300, 1, 9],
  [1, 0, 3, 4],
  [1, 3, 0, 4],
  [0, 3, 3, 4],
  [2, 5, 6, 0],
]

describe('products of matrices', () => {
  for (const [batch, m, n, k] of shapes) {
    const rows = [m * k, k, 0, 1]
    const rowsTransposed = [m * k, 1, 0, m]
    const columns = [n * k, 0, 1, n]
    const columnsTransposed = [n * k, 0, k, 1]
    for (const left of [rows, rowsTransposed]) {
      for (const right of [columns, columnsTransposed]) {
        const name = [left === rows ? 'a' : 'aᵀ', right === columns ? 'b' : 'bᵀ'].join(' · ')
        test(`${name}, batch ${batch}, ${m}×${k} by ${k}×${n}`, () =>
          checkProduct({
            axes: [batch, m, n, k],
            groups: { batch: [0], m: [1], n: [2], k: [3] },
            left: load('float32', 0, affine(left)),
            right: load('float32', 1, affine(right)),
            sizes: [batch * m * k, batch * n * k, batch * m * n],
            result: [m * n, n, 1, 0],
          }))
      }
    }
  }
})

const inside = (index: RangeData['index'], high: number): RangeData => ({ index, low: 0, high })

interface Image {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly filters: number
}

const images: readonly Image[] = [
  { batch: 2, height: 7, width: 9, channels: 3, filters: 5 },
  { batch: 3, height: 8, width: 12, channels: 1, filters: 8 },
  { batch: 1, height: 14, width: 14, channels: 32, filters: 64 },
  { batch: 2, height: 28, width: 28, channels: 4, filters: 9 },
]

describe('convolutions of 3×3, padded by 1', () => {
  for (const { batch, height, width, channels, filters } of images) {
    const name = `${batch}×${height}×${width}×${channels} to ${filters}`
    const pixels = batch * height * width
    const [image, line] = [height * width, width]
    const filterSize = 9 * channels * filters

    test(`forward, ${name}`, () =>
      checkProduct({
        // batch, y, x, filter, ky, kx, channel
        axes: [batch, height, width, filters, 3, 3, channels],
        groups: { batch: [], m: [0, 1, 2], n: [3], k: [4, 5, 6] },
        left: load(
          'float32',
          0,
          affine(
            [image, line, 1, 0, line, 1, 0].map((step) => step * channels).with(6, 1),
            -(line + 1) * channels,
          ),
          [
            inside(affine([0, 1, 0, 0, 1], -1), height),
            inside(affine([0, 0, 1, 0, 0, 1], -1), width),
          ],
        ),
        right: load(
          'float32',
          1,
          affine([0, 0, 0, 1, 3 * channels * filters, channels * filters, filters]),
        ),
        sizes: [pixels * channels, filterSize, pixels * filters],
        result: [image * filters, line * filters, filters, 1],
      }))

    test(`gradient by input, ${name}`, () =>
      checkProduct({
        // batch, y, x, channel, ky, kx, filter
        axes: [batch, height, width, channels, 3, 3, filters],
        groups: { batch: [], m: [0, 1, 2], n: [3], k: [4, 5, 6] },
        left: load(
          'float32',
          0,
          affine(
            [image, line, 1, 0, -line, -1, 0].map((step) => step * filters).with(6, 1),
            (line + 1) * filters,
          ),
          [
            inside(affine([0, 1, 0, 0, -1], 1), height),
            inside(affine([0, 0, 1, 0, 0, -1], 1), width),
          ],
        ),
        right: load(
          'float32',
          1,
          affine([0, 0, 0, filters, 3 * channels * filters, channels * filters, 1]),
        ),
        sizes: [pixels * filters, filterSize, pixels * channels],
        result: [image * channels, line * channels, channels, 1],
      }))

    test(`gradient by filter, ${name}`, () =>
      checkProduct({
        // ky, kx, channel, filter, batch, y, x
        axes: [3, 3, channels, filters, batch, height, width],
        groups: { batch: [], m: [0, 1, 2], n: [3], k: [4, 5, 6] },
        left: load(
          'float32',
          0,
          affine(
            [line, 1, 0, 0, image, line, 1].map((step) => step * channels).with(2, 1),
            -(line + 1) * channels,
          ),
          [
            inside(affine([1, 0, 0, 0, 0, 1], -1), height),
            inside(affine([0, 1, 0, 0, 0, 0, 1], -1), width),
          ],
        ),
        right: load('float32', 1, affine([0, 0, 0, 1, image * filters, line * filters, filters])),
        sizes: [pixels * channels, pixels * filters, filterSize],
        result: [3 * channels * filters, channels * filters, filters, 1],
      }))
  }
})

test('elementwise producers and consumers are part of the kernel', async () => {
  const [m, n, k] = [37, 21, 53]
  const specs = [m * k, k * n, n, m * n, m * n, m * n].map(float32)
  const zero: Step = { op: 'constant', dtype: 'float32', value: 0 }
  const kernel: ContractKernel = {
    kind: 'contract',
    label: 'relu(relu(a) · tanh(b) + bias), and the sums',
    axes: [m, n, k],
    batch: [],
    m: [0],
    n: [1],
    k: [2],
    operands: operandsOf(...specs),
    left: { program: [load('float32', 0, affine([k, 0, 1])), zero, apply('float32', 'max', 0, 1)] },
    right: { program: [load('float32', 1, affine([0, 1, n])), apply('float32', 'tanh', 0)] },
    epilogue: [
      sum,
      load('float32', 2, affine([0, 1])),
      apply('float32', 'add', 0, 1),
      zero,
      apply('float32', 'max', 2, 3),
      load('float32', 3, affine([n, 1])),
      apply('float32', 'add', 4, 5),
    ],
    stores: [
      { value: 6, operand: 4, index: affine([n, 1]) },
      { value: 0, operand: 5, index: affine([1, m]) },
    ],
  }
  const plan = planOf({ kernels: [kernel], inputs: specs.slice(0, 4), outputs: specs.slice(4) })
  const random = new Random(5)
  await check(
    plan,
    specs.slice(0, 4).map(({ size }) => random.floats(size)),
  )
})

test('a product of bools is refused', () => {
  const form: ProductForm = {
    axes: [2, 2, 2],
    groups: { batch: [], m: [0], n: [1], k: [2] },
    left: load('bool', 0, affine([2, 0, 1])),
    right: load('bool', 1, affine([0, 1, 2])),
    sizes: [4, 4, 4],
    result: [2, 1],
  }
  expect(() => wasm().compile(productPlan(form))).toThrow('a contraction of bool and bool')
})
