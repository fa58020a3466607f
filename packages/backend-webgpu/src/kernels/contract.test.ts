import { cpu } from '@tensorweft/backend-cpu'
import type { ContractKernel, DType, Step } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import { worstRelative } from '../testing/compare.testing.ts'
import { PlanBuilder, runOn } from '../testing/plan-builder.testing.ts'
import { Random } from '../testing/random.testing.ts'
import { index } from '../testing/random-kernels.testing.ts'

type Shape = readonly [batch: number, m: number, n: number, k: number]

const shapes: readonly Shape[] = [
  [1, 1, 1, 1],
  [1, 4, 3, 8],
  [1, 33, 65, 17],
  [1, 97, 3, 321],
  [1, 3, 41, 1300],
  [3, 13, 11, 17],
  [1, 1, 300, 9],
  [1, 300, 1, 9],
  [1, 0, 3, 4],
  [0, 3, 3, 4],
  [2, 5, 6, 0],
]

/** Strides of the operands over [batch, m, n, k] in each transposition. */
function layouts([, m, n, k]: Shape) {
  const left = [
    [m * k, k, 0, 1],
    [m * k, 1, 0, m],
  ]
  const right = [
    [n * k, 0, k, 1],
    [n * k, 0, 1, n],
  ]
  return left.flatMap((l) => right.map((r) => [l, r] as const))
}

function addProduct(
  builder: PlanBuilder,
  random: Random,
  dtype: DType,
  shape: Shape,
  [left, right]: readonly [readonly number[], readonly number[]],
): void {
  const [batch, m, n, k] = shape
  const values = (size: number) =>
    Array.from({ length: size }, () =>
      dtype === 'float32' ? random.uniform() * 2 - 1 : random.integer(0, 255),
    )
  const slots = [
    builder.input(dtype, values(batch * m * k)),
    builder.input(dtype, values(batch * n * k)),
    builder.output(dtype, batch * m * n),
  ]
  const load = (operand: number, strides: readonly number[]): Step => ({
    op: 'load',
    dtype,
    operand,
    index: index(0, strides),
    within: [],
  })
  const kernel: ContractKernel = {
    kind: 'contract',
    label: `product ${dtype} [${shape}]`,
    axes: shape,
    operands: slots.map((slot) => ({ slot, dtype })),
    batch: [0],
    m: [1],
    n: [2],
    k: [3],
    left: { program: [load(0, left)] },
    right: { program: [load(1, right)] },
    epilogue: [{ op: 'reduced', dtype, reduction: 0 }],
    stores: [{ value: 0, operand: 2, index: index(0, [m * n, n, 1, 0]) }],
  }
  builder.add(kernel)
}

describeOnDevice('contract', (backend) => {
  for (const dtype of ['float32', 'int32', 'uint8'] as const) {
    test(`${dtype} products of all shapes and transpositions`, async () => {
      const random = new Random(7)
      const builder = new PlanBuilder()
      for (const shape of shapes) {
        const all = layouts(shape)
        for (const layout of dtype === 'float32' ? all : all.slice(0, 1)) {
          addProduct(builder, random, dtype, shape, layout)
        }
      }
      const plan = builder.plan()
      const wanted = await runOn(cpu(), { ...builder, plan })
      const got = await runOn(backend(), { ...builder, plan })
      const wrong = plan.kernels.flatMap(({ label }, k) => {
        const [g, w] = [got[k], wanted[k]]
        if (g === undefined || w === undefined) return [`${label} is missing`]
        const { ulps, ...at } = worstRelative(g, w, dtype)
        // Sums of a few hundred products round about as often.
        return ulps < 16 ? [] : [`${label}: ${JSON.stringify({ ...at, ulps })}`]
      })
      expect(wrong).toEqual([])
    })
  }
})
