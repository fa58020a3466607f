import type { ContractKernel, LoopKernel } from '../ir/kernel.ts'
import type { Program, Step } from '../ir/program.ts'

/**
 * A contraction as a plain reduction, for backends that have no template for it. The reduced axes
 * of a contraction come last, as a loop nest wants them.
 */
export function contractionAsLoops(kernel: ContractKernel): LoopKernel {
  const { label, axes, operands, left, right, epilogue, stores, k } = kernel
  const leftValue = left.program.length - 1
  const program: Step[] = [...left.program, ...shifted(right.program, left.program.length)]
  const rightValue = program.length - 1
  const dtype = program[rightValue]?.dtype ?? 'float32'
  const args = [leftValue, rightValue]
  const value = program.push({ op: 'apply', dtype, instruction: 'mul', args }) - 1
  return {
    kind: 'reduce',
    label,
    axes,
    operands,
    outer: axes.length - k.length,
    stages: [
      { over: 'all', program, reductions: [{ combiner: 'sum', value, dtype }], stores: [] },
      { over: 'outer', program: epilogue, reductions: [], stores },
    ],
  }
}

/** A program whose values are numbered from `by` on. */
function shifted(program: Program, by: number): Step[] {
  return program.map((step) => {
    if (step.op === 'apply') return { ...step, args: step.args.map((arg) => arg + by) }
    return step.op === 'gather' ? { ...step, offset: step.offset + by } : step
  })
}
