import type { ArraySpec, ContractKernel, DType, Plan, Program, Step, Store } from '@tensorweft/core'
import { operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { fractions, kernelCase } from './kernel-case.ts'

const sum = (dtype: DType): Step => ({ op: 'reduced', dtype, reduction: 0 })

interface ContractParts {
  readonly label: string
  readonly axes: readonly number[]
  readonly groups: Pick<ContractKernel, 'batch' | 'm' | 'n' | 'k'>
  readonly left: Program
  readonly right: Program
  readonly inputs: readonly ArraySpec[]
  readonly outputs: readonly ArraySpec[]
  readonly epilogue?: Program
  readonly stores: readonly Store[]
  readonly dtype?: DType
}

function contractPlan(parts: ContractParts): Plan {
  const { label, axes, groups, left, right, inputs, outputs, stores, dtype = 'float32' } = parts
  const kernel: ContractKernel = {
    kind: 'contract',
    label,
    axes,
    ...groups,
    left: { program: left },
    right: { program: right },
    epilogue: parts.epilogue ?? [sum(dtype)],
    stores,
    operands: operandsOf(...inputs, ...outputs),
  }
  return planOf({ inputs, outputs, kernels: [kernel] })
}

interface Matmul {
  readonly batch?: number
  readonly m: number
  readonly n: number
  readonly k: number
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  readonly dtype?: DType
}

/** `y[b, i, j] = Σ a[b, i, k] · b[b, k, j]` with axes [b, i, j, k]. */
function matmulPlan({
  batch = 1,
  m,
  n,
  k,
  transposeA,
  transposeB,
  dtype = 'float32',
}: Matmul): Plan {
  const a = affine([m * k, transposeA ? 1 : k, 0, transposeA ? m : 1])
  const b = affine([k * n, 0, transposeB ? k : 1, transposeB ? 1 : n])
  return contractPlan({
    label: `${dtype} ${batch}×${m}×${n}×${k}${transposeA ? ' aᵀ' : ''}${transposeB ? ' bᵀ' : ''}`,
    axes: [batch, m, n, k],
    groups: { batch: [0], m: [1], n: [2], k: [3] },
    left: [load(dtype, 0, a)],
    right: [load(dtype, 1, b)],
    inputs: [
      { dtype, size: batch * m * k },
      { dtype, size: batch * k * n },
    ],
    outputs: [{ dtype, size: batch * m * n }],
    stores: [{ value: 0, operand: 2, index: affine([m * n, n, 1]) }],
    dtype,
  })
}

const sides = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33]

const products: readonly CaseDefinition[] = [
  kernelCase('contract: matrices of any size', () => [
    ...sides.map((size) => ({ plan: matmulPlan({ m: size, n: 5, k: 6 }) })),
    ...sides.map((size) => ({ plan: matmulPlan({ m: 6, n: size, k: 5 }) })),
    ...sides.map((size) => ({ plan: matmulPlan({ m: 5, n: 6, k: size }) })),
    ...[1, 2, 17, 33].map((size) => ({ plan: matmulPlan({ m: size, n: size, k: size }) })),
    { plan: matmulPlan({ m: 1, n: 1, k: 3000 }) },
    { plan: matmulPlan({ m: 61, n: 67, k: 513 }) },
  ]),
  kernelCase('contract: transposed operands and batches', () =>
    [false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB) =>
        [1, 3].map((batch) => ({
          plan: matmulPlan({ batch, m: 13, n: 10, k: 19, transposeA, transposeB }),
        })),
      ),
    ),
  ),
  kernelCase('contract: float64', () => [
    { plan: matmulPlan({ m: 9, n: 11, k: 13, dtype: 'float64' }) },
    {
      plan: matmulPlan({ batch: 2, m: 5, n: 3, k: 70, dtype: 'float64', transposeA: true }),
      inputs: [fractions('float64', 700), fractions('float64', 420, 2)],
      tolerance: 1e-13,
    },
  ]),
  kernelCase('contract: fractions, up to rounding', () => [
    {
      plan: matmulPlan({ m: 33, n: 18, k: 700 }),
      inputs: [fractions('float32', 33 * 700), fractions('float32', 700 * 18, 2)],
      tolerance: 1e-5,
    },
  ]),
  kernelCase('contract: groups without axes', () => [
    {
      plan: contractPlan({
        label: 'outer product',
        axes: [6, 7],
        groups: { batch: [], m: [0], n: [1], k: [] },
        left: [load('float32', 0, affine([1, 0]))],
        right: [load('float32', 1, affine([0, 1]))],
        inputs: [
          { dtype: 'float32', size: 6 },
          { dtype: 'float32', size: 7 },
        ],
        outputs: [{ dtype: 'float32', size: 42 }],
        stores: [{ value: 0, operand: 2, index: affine([7, 1]) }],
      }),
    },
    {
      plan: contractPlan({
        label: 'inner product',
        axes: [50],
        groups: { batch: [], m: [], n: [], k: [0] },
        left: [load('float32', 0, affine([1]))],
        right: [load('float32', 1, affine([1]))],
        inputs: [
          { dtype: 'float32', size: 50 },
          { dtype: 'float32', size: 50 },
        ],
        outputs: [{ dtype: 'float32', size: 1 }],
        stores: [{ value: 0, operand: 2, index: affine([]) }],
      }),
    },
  ]),
]

/** 3 × 3 convolution of [2, h, w, c] images with padding 1, axes [n, y, x, o, ky, kx, c]. */
function convolutionPlan(h: number, w: number, c: number, o: number, stride: number): Plan {
  const [oh, ow] = [Math.ceil(h / stride), Math.ceil(w / stride)]
  const y = affine([0, stride, 0, 0, 1], -1)
  const x = affine([0, 0, stride, 0, 0, 1], -1)
  const image = affine([h * w * c, stride * w * c, stride * c, 0, w * c, c, 1], -w * c - c)
  const within = [
    { index: y, low: 0, high: h },
    { index: x, low: 0, high: w },
  ]
  return contractPlan({
    label: `convolution ${h}×${w}×${c} to ${o}, stride ${stride}`,
    axes: [2, oh, ow, o, 3, 3, c],
    groups: { batch: [], m: [0, 1, 2], n: [3], k: [4, 5, 6] },
    left: [load('float32', 0, image, within)],
    right: [load('float32', 1, affine([0, 0, 0, 1, 3 * c * o, c * o, o]))],
    inputs: [
      { dtype: 'float32', size: 2 * h * w * c },
      { dtype: 'float32', size: 9 * c * o },
    ],
    outputs: [{ dtype: 'float32', size: 2 * oh * ow * o }],
    stores: [{ value: 0, operand: 2, index: affine([oh * ow * o, ow * o, o, 1]) }],
  })
}

const convolutions: readonly CaseDefinition[] = [
  kernelCase('contract: convolutions with padding, strides and odd sizes', () => [
    { plan: convolutionPlan(7, 5, 3, 4, 1) },
    { plan: convolutionPlan(6, 9, 1, 10, 1) },
    { plan: convolutionPlan(9, 7, 2, 5, 2) },
    { plan: convolutionPlan(1, 1, 2, 3, 1) },
    { plan: convolutionPlan(4, 4, 16, 16, 3) },
  ]),
  kernelCase('contract: windows on both sides of a gradient by the filter', () => [
    {
      // filter[ky, kx, o] = Σ over n, y, x of image[n, y + ky − 1, x + kx − 1] · dy[n, y, x, o]
      plan: contractPlan({
        label: 'gradient by the filter',
        axes: [3, 3, 4, 2, 6, 5],
        groups: { batch: [], m: [0, 1], n: [2], k: [3, 4, 5] },
        left: [
          load('float32', 0, affine([5, 1, 0, 30, 5, 1], -6), [
            { index: affine([1, 0, 0, 0, 1], -1), low: 0, high: 6 },
            { index: affine([0, 1, 0, 0, 0, 1], -1), low: 0, high: 5 },
          ]),
        ],
        right: [load('float32', 1, affine([0, 0, 1, 120, 20, 4]))],
        inputs: [
          { dtype: 'float32', size: 60 },
          { dtype: 'float32', size: 240 },
        ],
        outputs: [{ dtype: 'float32', size: 36 }],
        stores: [{ value: 0, operand: 2, index: affine([12, 4, 1]) }],
      }),
    },
  ]),
]

const fused: readonly CaseDefinition[] = [
  kernelCase('contract: producers and an epilogue with several outputs', () => {
    const [m, n, k] = [19, 11, 23]
    const specs = [m * k, k * n, n, m * n, m * n].map((size) => ({
      dtype: 'float32' as const,
      size,
    }))
    return [
      {
        plan: contractPlan({
          label: 'relu(max(a, 0) (b + 1) + bias)',
          axes: [m, n, k],
          groups: { batch: [], m: [0], n: [1], k: [2] },
          left: [
            load('float32', 0, affine([k, 0, 1])),
            constant('float32', 0),
            apply('float32', 'max', 0, 1),
          ],
          right: [
            load('float32', 1, affine([0, 1, n])),
            constant('float32', 1),
            apply('float32', 'add', 0, 1),
          ],
          inputs: specs.slice(0, 3),
          outputs: specs.slice(3),
          epilogue: [
            sum('float32'),
            load('float32', 2, affine([0, 1])),
            apply('float32', 'add', 0, 1),
            constant('float32', 0),
            apply('float32', 'max', 2, 3),
          ],
          stores: [
            { value: 2, operand: 3, index: affine([n, 1]) },
            { value: 4, operand: 4, index: affine([1, m]) },
          ],
        }),
      },
    ]
  }),
  kernelCase('contract: masks of M and of N', () => {
    const [m, n, k] = [9, 10, 8]
    const specs = [m * k, k * n, m, m * n].map((size) => ({ dtype: 'float32' as const, size }))
    return [
      {
        plan: contractPlan({
          label: 'masked rows',
          axes: [m, n, k],
          groups: { batch: [], m: [0], n: [1], k: [2] },
          left: [
            load('float32', 0, affine([k, 0, 1])),
            load('float32', 2, affine([1])),
            apply('float32', 'mul', 0, 1),
          ],
          right: [
            load('float32', 1, affine([0, 1, n])),
            {
              op: 'inside',
              dtype: 'bool',
              within: [{ index: affine([0, 1, 1]), low: 3, high: 12 }],
            },
            constant('float32', 0),
            apply('float32', 'where', 1, 0, 2),
          ],
          inputs: specs.slice(0, 3),
          outputs: specs.slice(3),
          stores: [{ value: 0, operand: 3, index: affine([n, 1]) }],
        }),
      },
    ]
  }),
]

/** Sums of products. */
export const contractCases: readonly CaseDefinition[] = [...products, ...convolutions, ...fused]
