import { customFunction } from '../custom-kernels/custom-function.ts'
import { castNumber, type TypedArray } from '../dtype.ts'
import { float16Bits, float16Value } from '../float16.ts'
import { identityOf } from '../ir/combiner.ts'
import type {
  ContractKernel,
  Kernel,
  LoopKernel,
  Reduction,
  ScanKernel,
  ScatterKernel,
  SortKernel,
  Store,
} from '../ir/kernel.ts'
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
  return array instanceof Uint16Array ? float16Value(value) : value
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
    case 'gather': {
      const [index, inside] = [indexFunction(step.index), insideFunction(step.within)]
      const { operand, offset } = step
      return (frame) => {
        if (!inside(frame)) return 0
        return elementOf(frame.arrays[operand], index(frame) + (frame.values[offset] ?? Number.NaN))
      }
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
      setElement(frame.arrays[operand], at(frame), frame.values[value] ?? Number.NaN)
    }
  }
}

function setElement(array: TypedArray | undefined, index: number, value: number): void {
  elementOf(array, index)
  if (array === undefined) return
  array[index] = array instanceof Uint16Array ? float16Bits(value) : value
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
  switch (kernel.kind) {
    case 'contract':
      return contractionFunction(kernel)
    case 'scan':
      return scanFunction(kernel)
    case 'sort':
      return sortFunction(kernel)
    case 'scatter':
      return scatterFunction(kernel)
    case 'custom': {
      const run = customFunction(kernel, 'naive')
      return ({ arrays }) => run(arrays)
    }
    default:
      return loopFunction(kernel)
  }
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

/** Runs `begin` for each row, then `body` at its points in order, then `end`. */
function walk(
  { axes, outer, program }: ScanKernel | SortKernel | ScatterKernel,
  { begin, body, end }: { begin?: Run; body: Run; end?: Run },
): Run {
  const numbers = axes.map((_, axis) => axis)
  const points = loops(axes, numbers.slice(outer), inOrder([programFunction(program), body]))
  const row = [begin, points, end].filter((part) => part !== undefined)
  return loops(axes, numbers.slice(0, outer), inOrder(row))
}

function scanFunction(kernel: ScanKernel): Run {
  const { reduction, store } = kernel
  const at = indexFunction(store.index)
  const { start, step } = reductionFunction([reduction])
  const forget: Run = (frame) => {
    frame.reduced.length = 0
  }
  const total: Run = (frame) => {
    const value = castNumber(frame.reduced[0] ?? Number.NaN, reduction.dtype)
    setElement(frame.arrays[store.operand], at(frame), value)
  }
  return walk(kernel, { begin: inOrder([forget, start]), body: inOrder([step, total]) })
}

function sortFunction(kernel: SortKernel): Run {
  const { axes, outer, store, descending } = kernel
  const at = indexFunction(store.index)
  const values: number[] = []
  const compare = (a: number, b: number) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    return (a < b ? -1 : Number(a > b)) * (descending ? -1 : 1)
  }
  const points = axes.map((_, axis) => axis).slice(outer)
  const end: Run = (frame) => {
    const order = values.map((_, position) => position)
    order.sort((a, b) => compare(values[a] ?? 0, values[b] ?? 0))
    const next = order.values()
    const place: Run = (inner) => {
      setElement(inner.arrays[store.operand], at(inner), next.next().value ?? Number.NaN)
    }
    loops(axes, points, place)(frame)
    values.length = 0
  }
  const body: Run = (frame) => {
    values.push(frame.values[store.value] ?? Number.NaN)
  }
  return walk(kernel, { body, end })
}

function scatterFunction(kernel: ScatterKernel): Run {
  const { target, stride, size, store } = kernel
  const at = indexFunction(store.index)
  const { dtype } = kernel.program[store.value] ?? { dtype: 'float32' }
  const add = instructionFunction(dtype === 'bool' ? 'or' : 'add', dtype)
  return walk(kernel, {
    body: (frame) => {
      const chosen = frame.values[target] ?? Number.NaN
      if (!(chosen >= 0 && chosen < size)) return
      const array = frame.arrays[store.operand]
      const index = at(frame) + stride * chosen
      setElement(array, index, add(elementOf(array, index), frame.values[store.value] ?? 0, 0))
    },
  })
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
