import {
  type ArraySpec,
  contractVersion,
  type DType,
  type Kernel,
  type LoopKernel,
  type Operand,
  type Plan,
  type PlanOutput,
  type Program,
  type Slot,
} from '@tensorweft/core'
import { rowMajor } from './steps.ts'

/**
 * Operands of a kernel over arrays numbered as in `planOf`.
 *
 * @example
 * ```ts
 * operandsOf({ dtype: 'float32', size: 4 }, { dtype: 'int32', size: 4 })
 * ```
 */
export function operandsOf(...specs: readonly ArraySpec[]): Operand[] {
  return specs.map(({ dtype }, slot) => ({ slot, dtype }))
}

/**
 * A kernel without reduced axes that writes the program's last value, row-major, to its last
 * operand.
 *
 * @example
 * ```ts
 * const vector = { dtype: 'float32', size: 4 } as const
 * const program = [load('float32', 0, affine([1])), apply('float32', 'mul', 0, 0)]
 * const squares = mapKernel('square', [4], operandsOf(vector, vector), program)
 * const plan = planOf({ kernels: [squares], inputs: [vector], outputs: [vector] })
 * ```
 */
export function mapKernel(
  label: string,
  axes: readonly number[],
  operands: readonly Operand[],
  program: Program,
): LoopKernel {
  const store = { value: program.length - 1, operand: operands.length - 1, index: rowMajor(axes) }
  const stages = [{ over: 'outer' as const, program, reductions: [], stores: [store] }]
  return { kind: 'map', label, axes, outer: axes.length, operands, stages }
}

/** What a plan is made of. */
export interface PlanParts {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly ArraySpec[]
  /** `donated` is the number of the input that the output is written over. */
  readonly outputs: readonly (ArraySpec & { readonly donated?: number })[]
  readonly arena?: readonly (ArraySpec & { readonly byteOffset: number })[]
  readonly arenaByteLength?: number
  readonly scalars?: readonly DType[]
}

/**
 * A plan whose slots are its inputs, then its outputs, then the arrays of its arena.
 *
 * @example
 * ```ts
 * const vector = { dtype: 'float32', size: 4 } as const
 * const copy = mapKernel('copy', [4], operandsOf(vector, vector), [load('float32', 0, affine([1]))])
 * const plan = planOf({ kernels: [copy], inputs: [vector], outputs: [vector] })
 * console.log(interpretPlan(plan, [Float32Array.of(1, 2, 3, 4)]))
 * ```
 */
export function planOf(parts: PlanParts): Plan {
  const { kernels, inputs, outputs, arena = [], arenaByteLength = 0, scalars = [] } = parts
  const slots: Slot[] = [
    ...inputs.map((spec, input) => ({ in: 'input' as const, input, ...spec })),
    ...outputs.map(({ dtype, size }, output) => ({ in: 'output' as const, output, dtype, size })),
    ...arena.map((spec) => ({ in: 'arena' as const, ...spec })),
  ]
  const planOutputs = outputs.map(
    ({ dtype, size, donated }): PlanOutput => ({ dtype, size, donated }),
  )
  const version = contractVersion
  return { version, kernels, slots, inputs, outputs: planOutputs, scalars, arenaByteLength }
}
