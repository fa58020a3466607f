import { castNumber, type TypedArray } from '../dtype.ts'
import { identityOf } from '../ir/combiner.ts'
import type { ContractKernel, Kernel, LoopKernel, Reduction, Store } from '../ir/kernel.ts'
import type { IndexData, Program, RangeData, Step } from '../ir/program.ts'
import { instructionFunction } from './instructions.testing.ts'

/** What a program runs on: counters per axis, its values so far, arrays and results of reductions. */
interface Frame {
  readonly counters: number[]
  readonly values: number[]
  readonly reduced: number[]
  readonly arrays: readonly TypedArray[]
  readonly scalars: readonly number[]
}
type Evaluate = (frame: Frame) => number
type Run = (frame: Frame) => void

function indexFunction({ constant, terms, digits }: IndexData): Evaluate {
  const parts = digits.map((digit) => ({ ...digit, value: indexFunction(digit.of) }))
  return (frame) => {
    let index = constant
    for (const { axis, coefficient } of terms) index += coefficient * (frame.counters[axis] ?? 0)
    for (const { value, divisor, modulus, coefficient } of parts) {
      const quotient = Math.floor(value(frame) / divisor)
      const digit = modulus === 0 ? quotient : quotient - modulus * Math.floor(quotient / modulus)
      index += coefficient * digit
    }
    return index
  }
}

function insideFunction(within: readonly RangeData[]): (frame: Frame) => boolean {
  const ranges = within.map((range) => ({ ...range, value: indexFunction(range.index) }))
  return (frame) =>
    ranges.every(({ value, low, high }) => low <= value(frame) && value(frame) < high)
}

function elementOf(array: TypedArray | undefined, index: number): number {
  const value = array?.[index]
  if (value === undefined) throw new RangeError(`element ${index} of ${array?.length ?? 0}`)
  return value
}

function stepFunction(step: Step, program: Program): Evaluate {
  switch (step.op) {
    case 'constant': {
      const value = castNumber(step.value, step.dtype)
      return () => value
    }
    case 'scalar':
      return ({ scalars }) => castNumber(scalars[step.scalar] ?? Number.NaN, step.dtype)
    case 'load': {
      const [index, inside] = [indexFunction(step.index), insideFunction(step.within)]
      return (frame) => (inside(frame) ? elementOf(frame.arrays[step.operand], index(frame)) : 0)
    }
    case 'index':
      return indexFunction(step.index)
    case 'inside': {
      const inside = insideFunction(step.within)
      return (frame) => Number(inside(frame))
    }
    case 'reduced':
      return ({ reduced }) => castNumber(reduced[step.reduction] ?? Number.NaN, step.dtype)
    case 'apply': {
      const [a = 0, b = 0, c = 0] = step.args
      const apply = instructionFunction(step.instruction, step.dtype, program[a]?.dtype)
      return ({ values }) => apply(values[a] ?? 0, values[b] ?? 0, values[c] ?? 0)
    }
  }
}

/** Fills the values of the frame. */
function programFunction(program: Program): Run {
  const steps = program.map((step) => stepFunction(step, program))
  return (frame) => {
    steps.forEach((step, i) => {
      frame.values[i] = step(frame)
    })
  }
}

function storeFunction(stores: readonly Store[]): Run {
  const targets = stores.map((store) => ({ ...store, at: indexFunction(store.index) }))
  return (frame) => {
    for (const { operand, value, at } of targets) {
      const [array, index] = [frame.arrays[operand], at(frame)]
      elementOf(array, index)
      if (array !== undefined) array[index] = frame.values[value] ?? Number.NaN
    }
  }
}

/** Runs `body` at every point of `axes`, which have these sizes. */
function loops(sizes: readonly number[], axes: readonly number[], body: Run): Run {
  const [axis, ...rest] = axes
  if (axis === undefined) return body
  const inner = loops(sizes, rest, body)
  return (frame) => {
    for (let i = 0; i < (sizes[axis] ?? 0); i++) {
      frame.counters[axis] = i
      inner(frame)
    }
  }
}

const combine = { sum: 'add', prod: 'mul', max: 'max', min: 'min' } as const

/** Combines the reductions of one walk; float sums are carried in double precision. */
function reductionFunction(reductions: readonly Reduction[]): { start: Run; step: Run } {
  const parts = reductions.map(({ combiner, dtype, value }) => ({
    value,
    start: identityOf(combiner, dtype),
    apply: instructionFunction(combine[combiner], dtype === 'float32' ? 'float64' : dtype),
  }))
  return {
    start: ({ reduced }) => {
      for (const { start } of parts) reduced.push(start)
    },
    step: ({ reduced, values }) => {
      parts.forEach(({ apply, value }, i) => {
        const at = reduced.length - parts.length + i
        reduced[at] = apply(reduced[at] ?? 0, values[value] ?? 0, 0)
      })
    },
  }
}

/** A kernel as a function of a frame that has its arrays and scalars. */
export function kernelFunction(kernel: Kernel): Run {
  return kernel.kind === 'contract' ? contractionFunction(kernel) : loopFunction(kernel)
}

function loopFunction({ axes, outer, stages }: LoopKernel): Run {
  const numbers = axes.map((_, axis) => axis)
  const parts = stages.flatMap(({ over, program, reductions, stores }) => {
    const { start, step } = reductionFunction(reductions)
    const body = [programFunction(program), step, storeFunction(stores)]
    return [start, loops(axes, over === 'all' ? numbers.slice(outer) : [], inOrder(body))]
  })
  const forget: Run = (frame) => {
    frame.reduced.length = 0
  }
  return loops(axes, numbers.slice(0, outer), inOrder([forget, ...parts]))
}

function contractionFunction(kernel: ContractKernel): Run {
  const { axes, batch, m, n, k } = kernel
  const [left, right] = [lastValue(kernel.left.program), lastValue(kernel.right.program)]
  const sum = loops(axes, k, (frame) => {
    frame.reduced[0] = (frame.reduced[0] ?? 0) + left(frame) * right(frame)
  })
  const start: Run = (frame) => {
    frame.reduced[0] = 0
  }
  const finish = [programFunction(kernel.epilogue), storeFunction(kernel.stores)]
  return loops(axes, [...batch, ...m, ...n], inOrder([start, sum, ...finish]))
}

function lastValue(program: Program): Evaluate {
  const run = programFunction(program)
  return (frame) => {
    run(frame)
    return frame.values[program.length - 1] ?? Number.NaN
  }
}

function inOrder(runs: readonly Run[]): Run {
  return (frame) => {
    for (const run of runs) run(frame)
  }
}
