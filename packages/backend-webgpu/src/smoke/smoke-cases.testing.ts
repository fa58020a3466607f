import {
  type AnyTensor,
  cumSum,
  gradients,
  type KernelKind,
  key,
  less,
  matmul,
  randomNormal,
  registerKernel,
  scatterAdd,
  softmax,
  sort,
  type TensorSpec,
  tensor,
  unregisterKernel,
} from '@tensorweft/core'

/** A program that every backend computes, and the kind of kernel that webgpu must do it with. */
export interface SmokeCase {
  readonly name: string
  readonly kind: KernelKind
  readonly program: () => AnyTensor
  /** Registers what the program needs on webgpu; the answer takes it back. */
  readonly prepare?: () => () => void
}

const [rows, columns] = [37, 65]
const x = () =>
  tensor(
    Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i)),
    { shape: [rows, columns] },
  )
const positions = () =>
  tensor(
    Array.from({ length: columns }, (_, i) => (i * 7) % rows),
    { dtype: 'int32' },
  )

/** One case per kind of kernel, with tails everywhere: no extent is a multiple of a power of two. */
export const smokeCases: readonly SmokeCase[] = [
  { name: 'map', kind: 'map', program: () => x().mul(2).sub(0.5).tanh() },
  { name: 'bytes', kind: 'map', program: () => x().greater(0).cast('uint8').add(250) },
  { name: 'reduce', kind: 'reduce', program: () => x().square().sum() },
  { name: 'row', kind: 'row', program: () => softmax(x().mul(3)) },
  { name: 'contract', kind: 'contract', program: () => matmul(x(), x().transpose()).relu() },
  { name: 'scan', kind: 'scan', program: () => cumSum(x(), 1) },
  { name: 'sort', kind: 'sort', program: () => sort(x(), 1) },
  {
    name: 'scatter',
    kind: 'scatter',
    program: () =>
      scatterAdd(x(), positions(), x().transpose().slice([0, 0], [columns, rows]).matmul(x())),
  },
  { name: 'gradient', kind: 'contract', program: () => gradientOfProduct() },
  { name: 'random', kind: 'map', program: () => randomNormal(key(7), [rows, columns]) },
  {
    name: 'custom',
    kind: 'custom',
    program: () => less(x(), x().mul(x())),
    prepare: () => {
      registerKernel(less, 'webgpu', lessByHand)
      return () => void unregisterKernel(less, 'webgpu')
    },
  },
]

function gradientOfProduct(): AnyTensor {
  const weight = x()
  const [slope] = gradients(matmul(x().transpose(), weight).tanh().sum(), [weight])
  return slope ?? weight
}

const lessByHand = {
  emit: (_: { a: TensorSpec; b: TensorSpec }, { shape }: TensorSpec) => {
    const size = shape.reduce((product, extent) => product * extent, 1)
    return {
      language: 'wgsl' as const,
      source:
        'fn kernel(group: u32, local: u32) { let i = group * 64u + local; ' +
        `if (i < ${size}u) { store(i, a(i) < b(i)); } }`,
      workgroups: Math.ceil(size / 64),
      workgroupSize: 64,
    }
  },
}
