import type { ContractKernel, Program, Step, Store } from '@tensorweft/core'
import type { Code } from '../assembler/index.ts'
import { countOf, vectorCost } from '../kernels/loop-choice.ts'
import { coefficientOf } from '../loops/bounds.ts'
import { emitNest } from '../loops/emit-nest.ts'
import { withArray } from '../loops/frame.ts'
import { type Loop, lanesPerVector } from '../loops/nest.ts'
import type { BoxVariables } from './box.ts'
import type { ProductDType } from './multiply.ts'
import { type BlockedAxes, type ContractionContext, joinStarts, panelDType } from './parts.ts'

export interface OutputBoxes {
  readonly batch: BoxVariables
  readonly m: BoxVariables
  readonly n: BoxVariables
}

/**
 * Emits a function that takes the sums of one block of the output through the epilogue program and
 * its stores. `rowSize` is the distance of rows of sums in elements.
 */
export function emitEpilogue(
  context: ContractionContext,
  axes: BlockedAxes,
  dtype: ProductDType,
  rowSize: number,
): (sums: Code<'i32'>, boxes: OutputBoxes) => Code<'none'> {
  const { module, kernel } = context
  const { batch, m, n, sizes } = axes
  const f = module.define(`finish ${kernel.label}`)
  const [table, sums] = [f.parameter('i32'), f.parameter('i32')]
  const boxes = { batch: batch.parameters(f), m: m.parameters(f), n: n.parameters(f) }
  const operand = kernel.operands.length
  const place = { dtype: panelDType(dtype), base: sums }
  const frame = withArray(context.frameOf(f, table), operand, place)
  const program = epilogueOf(kernel, axes, rowSize)
  const loops = orderLoops(
    kernel.stores,
    program,
    [...m.loops(boxes.m), ...n.loops(boxes.n)],
    sizes,
  )
  const starts = joinStarts(...Object.values(boxes))
  const unroll = countOf(program) <= 8 ? 2 : 1
  const nest = { loops, sizes, starts, vector: loops.length - 1, unroll }
  emitNest(frame, nest, program, kernel.stores)
  return (from, given) =>
    f.call(
      context.table,
      from,
      ...batch.arguments(given.batch),
      ...m.arguments(given.m),
      ...n.arguments(given.n),
    )
}

/** The epilogue with loads of sums, which lie in one more operand. */
function epilogueOf(
  { epilogue, operands }: ContractKernel,
  { m, n }: BlockedAxes,
  rowSize: number,
): Program {
  const index = {
    constant: 0,
    terms: [
      ...m.axes.map(({ axis, stride }) => ({ axis, coefficient: stride * rowSize })),
      ...n.axes.map(({ axis, stride }) => ({ axis, coefficient: stride })),
    ],
    digits: [],
  }
  return epilogue.map((step): Step => {
    if (step.op !== 'reduced') return step
    return { op: 'load', dtype: step.dtype, operand: operands.length, index, within: [] }
  })
}

/** About what the epilogue takes for an element, in instructions. */
export function epilogueCost(kernel: ContractKernel, axes: BlockedAxes, rowSize: number): number {
  const program = epilogueOf(kernel, axes, rowSize)
  const loops = [...axes.m.axes, ...axes.n.axes]
  const costs = loops.map(({ axis }) => laneCost(kernel.stores, program, axis, axes.sizes))
  return Math.min(...costs, 100)
}

/** Cost of an element where vectors run along an axis. */
function laneCost(
  stores: readonly Store[],
  program: Program,
  axis: number,
  sizes: readonly number[],
): number {
  const size = sizes[axis] ?? 1
  return (vectorCost({ program, stores }, axis) * Math.ceil(size / lanesPerVector)) / size
}

/** The cheapest axis for vectors comes last, the others by falling stride of the first store. */
function orderLoops(
  stores: ContractionContext['kernel']['stores'],
  program: Program,
  loops: readonly Loop[],
  sizes: readonly number[],
): Loop[] {
  const cost = ({ axis }: Loop) => laneCost(stores, program, axis, sizes)
  const stride = ({ axis }: Loop) => {
    const [first] = stores
    return first === undefined ? 0 : Math.abs(coefficientOf(first.index, axis))
  }
  const [vector] = [...loops].reverse().sort((a, b) => cost(a) - cost(b))
  const others = loops.filter((loop) => loop !== vector).sort((a, b) => stride(b) - stride(a))
  return vector === undefined ? [] : [...others, vector]
}
