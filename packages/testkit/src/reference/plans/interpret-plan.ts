import {
  ArgumentError,
  byteLengthOf,
  type Combiner,
  type ContractKernel,
  customFunction,
  type DType,
  float16Bits,
  float16Value,
  identityOf,
  isFloat,
  type Kernel,
  type LoopKernel,
  type Plan,
  type Program,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
  type Step,
  type Store,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'
import { roundedTo } from '../dtypes.ts'
import { forEachPoint } from '../points.ts'
import { instructionValue } from './instruction-value.ts'
import { indexAt, isInside, type Point } from './interpret-index.ts'

/** How single steps are computed; for interpreters that are wrong on purpose, in tests. */
export interface InterpreterRules {
  readonly instruction: typeof instructionValue
  readonly isInside: typeof isInside
  readonly indexAt: typeof indexAt
  /** Combines the next value of a reduction of `size` values into what there is so far. */
  readonly combine: (
    combiner: Combiner,
    dtype: DType,
    sofar: number,
    value: number,
    position: number,
    size: number,
  ) => number
  /** The positions of some values in their order. */
  readonly order: (values: readonly number[], descending: boolean) => readonly number[]
  /** Whether a scatter adds to a target of `size`. */
  readonly isTarget: (target: number, size: number) => boolean
}

export const contractRules: InterpreterRules = {
  instruction: instructionValue,
  isInside,
  indexAt,
  combine: (combiner, dtype, sofar, value) => combineValues(combiner, dtype, sofar, value),
  order: orderOf,
  isTarget: (target, size) => target >= 0 && target < size,
}

/** Memory that a plan runs on: an array for every slot. */
export interface PlanMemory {
  readonly slots: readonly TypedArray[]
  readonly scalars: readonly number[]
}

/**
 * What a plan computes, element by element and in the order it is written: the meaning of the
 * contract, slow and without tricks. Sums are carried in double precision.
 *
 * @param inputs Values of the inputs, which are not changed.
 * @returns The outputs, float16 as its bits.
 * @throws ArgumentError if a kernel touches what is not there.
 * @example
 * ```ts
 * import { affine, apply, load, mapKernel } from '@tensorweft/testkit/plans'
 * import { interpretPlan, operandsOf, planOf } from '@tensorweft/testkit/plans'
 *
 * const vector = { dtype: 'float32', size: 3 } as const
 * const program = [load('float32', 0, affine([1])), apply('float32', 'mul', 0, 0)]
 * const squares = mapKernel('square', [3], operandsOf(vector, vector), program)
 * const plan = planOf({ kernels: [squares], inputs: [vector], outputs: [vector] })
 * console.log(interpretPlan(plan, [Float32Array.of(1, 2, 3)])) // 1, 4, 9
 * ```
 */
export function interpretPlan(
  plan: Plan,
  inputs: readonly TypedArray[],
  scalars: readonly number[] = [],
): TypedArray[] {
  const outputs = plan.outputs.map(({ dtype, size, donated }) => {
    const array = storedArray(dtype, size)
    const over = donated === undefined ? undefined : inputs[donated]
    if (over !== undefined) array.set(over)
    return array
  })
  const arena = new ArrayBuffer(plan.arenaByteLength)
  const slots = plan.slots.map((slot): TypedArray => {
    if (slot.in === 'arena') return viewTypedArray(slot.dtype, arena, slot.byteOffset, slot.size)
    const donor = plan.outputs.findIndex(
      (output) => slot.in === 'input' && output.donated === slot.input,
    )
    const array =
      slot.in === 'output' ? outputs[slot.output] : (outputs[donor] ?? inputs[slot.input])
    if (array === undefined) throw missing(`an array for ${slot.in}`)
    return array
  })
  for (const kernel of plan.kernels) runKernel(kernel, { slots, scalars }, contractRules)
  return outputs
}

/** A zeroed array as the elements lie in memory. */
function storedArray(dtype: DType, size: number): TypedArray {
  return viewTypedArray(dtype, new ArrayBuffer(byteLengthOf(dtype, size)), 0, size)
}

/** Runs one kernel on memory. */
export function runKernel(kernel: Kernel, memory: PlanMemory, rules: InterpreterRules): void {
  const run = new KernelRun(kernel, memory, rules)
  switch (kernel.kind) {
    case 'contract':
      run.contract(kernel)
      break
    case 'scan':
      run.scan(kernel)
      break
    case 'sort':
      run.sort(kernel)
      break
    case 'scatter':
      run.scatter(kernel)
      break
    case 'custom':
      customFunction(
        kernel,
        'interpreter',
      )(kernel.operands.flatMap(({ slot }) => memory.slots[slot] ?? []))
      break
    default:
      run.loops(kernel)
  }
}

class KernelRun {
  readonly #kernel: Kernel
  readonly #memory: PlanMemory
  readonly #rules: InterpreterRules

  constructor(kernel: Kernel, memory: PlanMemory, rules: InterpreterRules) {
    this.#kernel = kernel
    this.#memory = memory
    this.#rules = rules
  }

  loops({ axes, outer, stages }: LoopKernel): void {
    forEachPoint(axes.slice(0, outer), (point) => {
      const reduced: number[] = []
      for (const stage of stages) {
        const inner = stage.over === 'all' ? axes.slice(outer) : []
        const size = inner.reduce((n, extent) => n * extent, 1)
        const results = stage.reductions.map(({ combiner, dtype }) => identityOf(combiner, dtype))
        forEachPoint(inner, (rest, position) => {
          const at = [...point, ...rest]
          const values = this.#values(stage.program, at, reduced)
          this.#store(stage.stores, values, at)
          stage.reductions.forEach(({ combiner, value, dtype }, i) => {
            const [sofar = 0, next = 0] = [results[i], values[value]]
            results[i] = this.#rules.combine(combiner, dtype, sofar, next, position, size)
          })
        })
        reduced.push(
          ...results.map((result, i) => roundedTo(stage.reductions[i]?.dtype ?? 'float32', result)),
        )
      }
    })
  }

  contract({ axes, batch, m, n, k, left, right, epilogue, stores }: ContractKernel): void {
    const sizes = (numbers: readonly number[]) => numbers.map((axis) => axes[axis] ?? 1)
    const outer = [...batch, ...m, ...n]
    const dtype = left.program.at(-1)?.dtype ?? 'float32'
    const size = sizes(k).reduce((product, extent) => product * extent, 1)
    forEachPoint(sizes(outer), (point) => {
      const at = axes.map(() => 0)
      outer.forEach((axis, i) => {
        at[axis] = point[i] ?? 0
      })
      let sum = 0
      forEachPoint(sizes(k), (inner, position) => {
        k.forEach((axis, i) => {
          at[axis] = inner[i] ?? 0
        })
        const factors = [this.#last(left.program, at), this.#last(right.program, at)]
        // Products of integers wrap: doubles do not hold all of them.
        const product = this.#rules.instruction('mul', dtype, dtype, factors)
        sum = this.#rules.combine('sum', dtype, sum, product, position, size)
      })
      this.#store(stores, this.#values(epilogue, at, [roundedTo(dtype, sum)]), at)
    })
  }

  scan({ axes, outer, program, reduction, store }: ScanKernel): void {
    const { combiner, dtype, value } = reduction
    const points = axes.slice(outer)
    const size = points.reduce((n, extent) => n * extent, 1)
    forEachPoint(axes.slice(0, outer), (row) => {
      let total = identityOf(combiner, dtype)
      forEachPoint(points, (point, position) => {
        const at = [...row, ...point]
        const next = this.#values(program, at, [])[value] ?? Number.NaN
        total = this.#rules.combine(combiner, dtype, total, next, position, size)
        this.#write(store.operand, indexAt(store.index, at), roundedTo(dtype, total))
      })
    })
  }

  sort({ axes, outer, program, store, descending }: SortKernel): void {
    const points = axes.slice(outer)
    forEachPoint(axes.slice(0, outer), (row) => {
      const values: number[] = []
      forEachPoint(points, (point) => {
        values.push(this.#values(program, [...row, ...point], [])[store.value] ?? Number.NaN)
      })
      const order = this.#rules.order(values, descending)
      forEachPoint(points, (point, position) => {
        const index = indexAt(store.index, [...row, ...point])
        this.#write(store.operand, index, order[position] ?? Number.NaN)
      })
    })
  }

  scatter({ axes, program, target, stride, size, store }: ScatterKernel): void {
    const { operand, index, value } = store
    const dtype = program[value]?.dtype ?? 'float32'
    const instruction = dtype === 'bool' ? 'or' : 'add'
    forEachPoint(axes, (at) => {
      const values = this.#values(program, at, [])
      const [chosen = Number.NaN, next = Number.NaN] = [values[target], values[value]]
      if (!this.#rules.isTarget(chosen, size)) return
      const position = indexAt(index, at) + stride * chosen
      const sum = [this.#element(operand, position), next]
      this.#write(operand, position, this.#rules.instruction(instruction, dtype, dtype, sum))
    })
  }

  #last(program: Program, at: Point): number {
    return this.#values(program, at, []).at(-1) ?? 0
  }

  #values(program: Program, at: Point, reduced: readonly number[]): number[] {
    const values: number[] = []
    for (const step of program) {
      values.push(roundedTo(step.dtype, this.#step(step, program, values, at, reduced)))
    }
    return values
  }

  #step(
    step: Step,
    program: Program,
    values: readonly number[],
    at: Point,
    reduced: readonly number[],
  ): number {
    switch (step.op) {
      case 'constant':
        return step.value
      case 'scalar':
        return this.#memory.scalars[step.scalar] ?? Number.NaN
      case 'load': {
        if (!this.#rules.isInside(step.within, at)) return 0
        return this.#element(step.operand, this.#rules.indexAt(step.index, at))
      }
      case 'gather': {
        if (!this.#rules.isInside(step.within, at)) return 0
        const offset = values[step.offset] ?? Number.NaN
        return this.#element(step.operand, this.#rules.indexAt(step.index, at) + offset)
      }
      case 'index':
        return this.#rules.indexAt(step.index, at)
      case 'inside':
        return Number(this.#rules.isInside(step.within, at))
      case 'reduced':
        return reduced[step.reduction] ?? Number.NaN
      case 'apply': {
        const args = step.args.map((arg) => values[arg] ?? Number.NaN)
        const from = program[step.args.at(-1) ?? 0]?.dtype ?? step.dtype
        return this.#rules.instruction(step.instruction, from, step.dtype, args)
      }
    }
  }

  #element(operand: number, index: number): number {
    const array = this.#array(operand)
    const value = array[index]
    if (value === undefined) {
      throw missing(`element ${index} of operand ${operand} in '${this.#kernel.label}'`)
    }
    return array instanceof Uint16Array ? float16Value(value) : value
  }

  #store(stores: readonly Store[], values: readonly number[], at: Point): void {
    for (const { value, operand, index } of stores) {
      this.#write(operand, indexAt(index, at), values[value] ?? Number.NaN)
    }
  }

  #write(operand: number, position: number, value: number): void {
    const array = this.#array(operand)
    if (!(position >= 0 && position < array.length)) throw missing(`element ${position} to store`)
    array[position] = array instanceof Uint16Array ? float16Bits(value) : value
  }

  #array(operand: number): TypedArray {
    const array = this.#memory.slots[this.#kernel.operands[operand]?.slot ?? -1]
    if (array === undefined) throw missing(`operand ${operand} of '${this.#kernel.label}'`)
    return array
  }
}

/** Reductions keep double precision on the way; integers wrap as they go, bools stay bools. */
function combineValues(combiner: Combiner, dtype: DType, a: number, b: number): number {
  switch (combiner) {
    case 'sum':
      if (dtype === 'bool') return Math.max(a, b)
      return isFloat(dtype) ? a + b : instructionValue('add', dtype, dtype, [a, b])
    case 'prod':
      return isFloat(dtype) ? a * b : instructionValue('mul', dtype, dtype, [a, b])
    case 'max':
      return Math.max(a, b)
    case 'min':
      return Math.min(a, b)
  }
}

/** Stable in both directions, NaN last. */
function orderOf(values: readonly number[], descending: boolean): number[] {
  const ranks = [...new Set(values.filter((value) => !Number.isNaN(value)))]
  ranks.sort((a, b) => (descending ? b - a : a - b))
  const rankOf = new Map(ranks.map((value, rank) => [value, rank]))
  const rank = (position: number) => rankOf.get(values[position] ?? Number.NaN) ?? ranks.length
  return values.map((_, position) => position).sort((a, b) => rank(a) - rank(b))
}

function missing(what: string): ArgumentError {
  return new ArgumentError('interpretPlan', { got: `no ${what}`, wanted: 'a plan that is whole' })
}
