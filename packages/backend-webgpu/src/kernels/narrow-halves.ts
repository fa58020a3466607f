import type { Instruction, Kernel, Program, Step } from '@tensorweft/core'

/** Instructions whose result is the same in float16 as in float32 and then rounded. */
const exact: readonly Instruction[] = ['add', 'sub', 'mul']

/**
 * A kernel that computes with float16 what plans compute with float32 and round: only where each
 * argument was a float16, and no sums over many points.
 */
export function narrowHalves<K extends Kernel>(kernel: K): K
export function narrowHalves(kernel: Kernel): Kernel {
  if (kernel.kind === 'contract') {
    const { left, right, epilogue } = kernel
    return {
      ...kernel,
      left: { ...left, program: narrowed(left.program) },
      right: { ...right, program: narrowed(right.program) },
      epilogue: narrowed(epilogue),
    }
  }
  if (!('stages' in kernel)) return kernel
  const stages = kernel.stages.map((stage) => ({ ...stage, program: narrowed(stage.program) }))
  return { ...kernel, stages }
}

function narrowed(program: Program): Program {
  return program.map((step): Step => {
    if (step.dtype !== 'float16' || !isCast(step)) return step
    const [rounded = -1] = step.args
    const inner = program[rounded]
    if (inner?.op !== 'apply' || !exact.some((name) => name === inner.instruction)) return step
    const args = inner.args.flatMap((arg) => halfBehind(program, arg) ?? [])
    if (inner.dtype !== 'float32' || args.length < inner.args.length) return step
    return { ...inner, dtype: 'float16', args }
  })
}

/** The float16 that a value is a cast of. */
export function halfBehind(program: Program, value: number): number | undefined {
  const step = program[value]
  if (step === undefined || step.dtype !== 'float32' || !isCast(step)) return undefined
  const [from = -1] = step.args
  return program[from]?.dtype === 'float16' ? from : undefined
}

function isCast(step: Step): step is Extract<Step, { op: 'apply' }> {
  return step.op === 'apply' && step.instruction === 'cast'
}
