import { BackendError, type Program, type Step, type Store } from '@tensorweft/core'
import { i32, i32x4, type Local, v128 } from '../assembler/index.ts'
import { type Argument, renderInstruction } from '../scalar/instructions.ts'
import { type KnownProgram, renderPattern } from '../scalar/patterns.ts'
import { constantOf, laneDType } from '../scalar/register.ts'
import { emitInTurns } from '../scalar/turns.ts'
import type { LocalSource, Vector, VectorLocal } from '../scalar/vector.ts'
import { AccessSet } from './accesses.ts'
import { axesOf } from './bounds.ts'
import { elementBytes, type Frame } from './frame.ts'
import type { AxisValue } from './index-code.ts'
import { depthOfAxes, isVarying, type Nest, type Part } from './nest.ts'

type ApplyStep = Extract<Step, { op: 'apply' }>

/** How a program meets the results of reductions. */
export interface ReducedValues {
  /** How many loops must be entered before they are known. */
  readonly depth: number
  /** Whether they differ from lane to lane. */
  readonly isVarying: boolean
  /** The results of a reduction: one for all lanes, or one for each part. */
  of(reduction: number): readonly VectorLocal[] | undefined
  /** Whether a reduction finds the largest of the values that a step of the program has. */
  isMaximum(reduction: number, step: number): boolean
}

/** `factor` times an int32 value that is the same for all lanes. */
interface ScaledStep {
  readonly step: number
  readonly factor: number
}

export interface EmitterOptions {
  readonly stores: readonly Store[]
  readonly reduced?: ReducedValues
  /** Values that are needed as integers too where they are the same for all lanes. */
  readonly scalars?: readonly ScaledStep[]
  /** Operands whose elements may change until `depth` loops are entered. */
  readonly volatile?: { readonly operands: ReadonlySet<number>; readonly depth: number }
}

/**
 * Writes the steps of a program into a loop nest: each one in the outermost loop where its
 * arguments are known, once for all lanes or once for each part of the vector loop.
 */
export class ProgramEmitter {
  readonly accesses: AccessSet
  readonly #frame: Frame
  readonly #nest: Nest
  readonly #program: Program
  readonly #known: KnownProgram
  readonly #options: EmitterOptions
  readonly #depths: number[] = []
  readonly #varying: boolean[] = []
  readonly #scaledSteps: readonly ScaledStep[]
  readonly #scalars = new Map<string, Local<'i32'>>()
  #values: readonly (readonly VectorLocal[] | undefined)[] = []
  #parts: readonly Part[] = []

  constructor(frame: Frame, nest: Nest, program: Program, options: EmitterOptions) {
    this.accesses = new AccessSet(frame, nest)
    this.#frame = frame
    this.#nest = nest
    this.#program = program
    this.#known = {
      program,
      isMaximum: (value, of) => {
        const step = program[value]
        return step?.op === 'reduced' && options.reduced?.isMaximum(step.reduction, of) === true
      },
    }
    this.#options = options
    for (const step of program) {
      switch (step.op) {
        case 'load':
        case 'gather':
        case 'index':
        case 'inside':
          this.accesses.addStep(step)
      }
      this.#depths.push(this.#depthOf(step))
      this.#varying.push(this.#isVarying(step))
    }
    for (const store of options.stores) this.accesses.addStore(store)
    const asked = options.scalars?.filter(({ step }) => !this.isVarying(step)) ?? []
    this.#scaledSteps = [...asked, ...this.#commonOffsets()]
  }

  /** Emits what is known once `depth` loops are entered. */
  enter(depth: number, parts: readonly Part[], axisValue: AxisValue): void {
    this.#parts = parts
    this.accesses.enter(depth, axisValue)
    const values = this.#program.map((_, k) => this.#values[k])
    this.#values = values
    this.#program.forEach((step, k) => {
      if (this.#depths[k] !== depth) return
      values[k] = this.#compute(step, this.#varying[k] === true)
      this.#keepScalars(k)
    })
  }

  /** Whether the value of a step differs from lane to lane. */
  isVarying(step: number): boolean {
    return this.#varying[step] === true
  }

  /** `factor` times the value of a step that does not vary, one of those in the options. */
  scalar(step: number, factor: number): Local<'i32'> {
    const scalar = this.#scalars.get(`${step} ${factor}`)
    if (scalar === undefined) throw new Error('an integer was not prepared')
    return scalar
  }

  save() {
    return { accesses: this.accesses.save(), values: this.#values }
  }

  restore({ accesses, values }: ReturnType<ProgramEmitter['save']>): void {
    this.accesses.restore(accesses)
    this.#values = values
  }

  /** The value of a step in the lanes of a part. */
  value(step: number, part: number): VectorLocal {
    const values = this.#values[step]
    const value = values?.[values.length === 1 ? 0 : part]
    if (value !== undefined) return value
    throw new BackendError('wasm.compile', {
      got: `the value of step ${step} before it is computed`,
      wanted: 'a program whose steps depend on earlier ones only',
    })
  }

  /** Emits the stores of the program. */
  store(): void {
    for (const store of this.#options.stores) {
      this.#parts.forEach((part, k) => {
        this.accesses.store(store, this.value(store.value, k), part)
      })
    }
  }

  #compute(step: Step, isVarying: boolean): readonly VectorLocal[] | undefined {
    if (step.op === 'reduced') return this.#options.reduced?.of(step.reduction)
    const parts = isVarying ? this.#parts : this.#parts.slice(0, 1)
    if (step.op === 'apply') {
      return emitInTurns(this.#frame.f, parts.length, (f, k) => this.#apply(f, step, k))
    }
    return parts.map((part, k) => this.#frame.f.local('v128', this.#render(step, part, k)))
  }

  #render(step: Exclude<Step, { op: 'reduced' | 'apply' }>, part: Part, k: number): Vector {
    switch (step.op) {
      case 'constant':
        return constantOf(laneDType(step.dtype), step.value)
      case 'scalar': {
        const { address, offset } = this.#frame.scalar(step.scalar)
        const value = v128.load32Splat(address, offset)
        return step.dtype === 'bool' ? i32x4.ne(value, i32x4.constSplat(0)) : value
      }
      case 'load':
        return this.accesses.load(step, part)
      case 'gather': {
        const { offset } = step
        const scale = elementBytes(laneDType(step.dtype))
        return this.isVarying(offset)
          ? this.accesses.gather(step, part, this.value(offset, k))
          : this.accesses.load(step, part, this.scalar(offset, scale))
      }
      case 'index':
        return this.accesses.index(step, part)
      case 'inside':
        return this.accesses.inside(step, part)
    }
  }

  #apply(f: LocalSource, step: ApplyStep, k: number): Vector {
    const pattern = renderPattern(f, this.#known, step, (arg) => this.value(arg, k))
    if (pattern !== undefined) return pattern
    const args = step.args.map((arg) => this.#argument(arg, k))
    return renderInstruction(f, step.instruction, step.dtype, args)
  }

  /** Offsets that are the same for all lanes, in bytes. */
  #commonOffsets(): ScaledStep[] {
    return this.#program.flatMap((step) => {
      if (step.op !== 'gather' || this.isVarying(step.offset)) return []
      return [{ step: step.offset, factor: elementBytes(laneDType(step.dtype)) }]
    })
  }

  #keepScalars(number: number): void {
    for (const { step, factor } of this.#scaledSteps) {
      if (step !== number) continue
      const lane = i32x4.extractLane(this.value(step, 0), 0)
      const scaled = factor === 1 ? lane : i32.mul(lane, i32.const(factor))
      this.#scalars.set(`${step} ${factor}`, this.#frame.f.local('i32', scaled))
    }
  }

  #argument(number: number, part: number): Argument {
    const step = this.#program[number]
    return {
      value: this.value(number, part),
      dtype: step?.dtype ?? 'float32',
      constant: step?.op === 'constant' ? step.value : undefined,
    }
  }

  #depthOf(step: Step): number {
    switch (step.op) {
      case 'constant':
      case 'scalar':
        return 0
      case 'load':
      case 'gather': {
        const axes = [step.index, ...step.within.map(({ index }) => index)].flatMap(axesOf)
        const { volatile } = this.#options
        const least = volatile?.operands.has(step.operand) ? volatile.depth : 0
        const offset = step.op === 'gather' ? (this.#depths[step.offset] ?? 0) : 0
        return Math.max(depthOfAxes(this.#nest, axes), least, offset)
      }
      case 'index':
        return depthOfAxes(this.#nest, axesOf(step.index))
      case 'inside':
        return depthOfAxes(
          this.#nest,
          step.within.flatMap(({ index }) => axesOf(index)),
        )
      case 'reduced':
        return this.#options.reduced?.depth ?? 0
      case 'apply':
        return Math.max(0, ...step.args.map((arg) => this.#depths[arg] ?? 0))
    }
  }

  #isVarying(step: Step): boolean {
    const varies = (index: Parameters<typeof axesOf>[0]) => isVarying(this.#nest, index)
    switch (step.op) {
      case 'constant':
      case 'scalar':
        return false
      case 'load':
        return varies(step.index) || step.within.some(({ index }) => varies(index))
      case 'gather':
        return (
          this.isVarying(step.offset) ||
          varies(step.index) ||
          step.within.some(({ index }) => varies(index))
        )
      case 'index':
        return varies(step.index)
      case 'inside':
        return step.within.some(({ index }) => varies(index))
      case 'reduced':
        return this.#options.reduced?.isVarying ?? false
      case 'apply':
        return step.args.some((arg) => this.#varying[arg])
    }
  }
}
