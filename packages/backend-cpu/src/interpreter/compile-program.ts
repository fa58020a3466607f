import {
  BackendError,
  castNumber,
  type DType,
  type Program,
  type Step,
  type Store,
  type TypedArray,
} from '@tensorweft/core'
import type { Action, Source } from './action.ts'
import type { Binding, Environment } from './binding.ts'
import { type GatherStep, gatherInto } from './gathers.ts'
import { indexInto, insideInto } from './indices.ts'
import type { Loop } from './instructions/loop.ts'
import { type ApplyStep, loopOf } from './instructions/table.ts'
import { analyseLiveness, type Liveness } from './liveness.ts'
import { isConstant, isInPlace, type LoadStep, loadInPlace, loadInto } from './loads.ts'
import { type Cell, chunkSize, Registers } from './registers.ts'
import type { Space } from './space.ts'
import { isConsecutive, redirect, storeFrom } from './stores.ts'

/** A program ready to run over chunks of its space. */
export interface CompiledProgram {
  /** Points that can be evaluated at a time. */
  readonly capacity: number
  /** To call once at the beginning of each run of the plan. */
  begin(): void
  /** Evaluates and stores `count` ≤ capacity points from point `start` of the space on. */
  evaluate(start: number, count: number): void
  /** Where the values of a root are after `evaluate`. */
  cell(value: number): Cell
}

class Apply implements Action {
  private readonly loop: Loop
  private readonly out: Cell
  private readonly a: Cell
  private readonly b: Cell
  private readonly c: Cell

  constructor(loop: Loop, out: Cell, [a = out, b = a, c = a]: readonly Cell[]) {
    this.loop = loop
    this.out = out
    this.a = a
    this.b = b
    this.c = c
  }

  run(_start: number, count: number): void {
    const { loop, out, a, b, c } = this
    loop(count, out.array, a.array, b.array, c.array)
  }
}

/** An array of another dtype on the memory of a register. */
function reinterpret(register: TypedArray, dtype: DType): TypedArray {
  return dtype === 'float32' ? new Float32Array(register.buffer) : new Int32Array(register.buffer)
}

function malformed(got: string, wanted: string): BackendError {
  return new BackendError('cpu.compile', { got, wanted })
}

function operandOf(environment: Environment, operand: number, dtype: DType): Binding {
  const binding = environment.operands[operand]
  if (binding?.dtype === dtype) return binding
  throw malformed(
    binding === undefined
      ? `operand ${operand} of ${environment.operands.length}`
      : `${dtype} values for operand ${operand}, which is ${binding.dtype}`,
    'an operand of the kernel, with the dtype of the value',
  )
}

class ProgramCompiler implements CompiledProgram {
  readonly capacity: number
  private readonly program: Program
  private readonly space: Space
  private readonly environment: Environment
  private readonly liveness: Liveness
  private readonly registers: Registers
  private readonly cells = new Map<number, Cell>()
  /** Registers of steps whose values change from chunk to chunk. */
  private readonly taken = new Map<number, TypedArray>()
  private readonly beginnings: (() => void)[] = []
  private readonly actions: Action[] = []

  constructor(
    program: Program,
    space: Space,
    environment: Environment,
    stores: readonly Store[],
    roots: readonly number[],
  ) {
    this.program = program
    this.space = space
    this.environment = environment
    this.capacity = Math.min(chunkSize, space.size)
    this.registers = new Registers(this.capacity)
    this.liveness = analyseLiveness(program, [...roots, ...stores.map(({ value }) => value)])
    const copied = this.copiedLoads(stores)
    program.forEach((step, value) => {
      if (this.liveness.needed[value] !== true) return
      this.compileStep(step, value, copied)
    })
    this.compileStores(stores)
  }

  begin(): void {
    for (const beginning of this.beginnings) beginning()
  }

  evaluate(start: number, count: number): void {
    const { actions } = this
    for (let k = 0; k < actions.length; k++) actions[k]?.run(start, count)
  }

  cell(value: number): Cell {
    const cell = this.cells.get(value)
    if (cell !== undefined) return cell
    throw malformed(`value ${value} of a program`, 'the number of an earlier step')
  }

  /**
   * Loads that must not be used in place: arguments of bitcasts, which need a register, and, where
   * a store may write over what was loaded, those that are still wanted after the stores began.
   */
  private copiedLoads(stores: readonly Store[]): ReadonlySet<number> {
    const copied = new Set<number>()
    this.liveness.lastUse.forEach((at, value) => {
      if (at === Number.POSITIVE_INFINITY && stores.length > 0) copied.add(value)
    })
    for (const step of this.program) {
      if (step.op === 'apply' && step.instruction === 'bitcast') {
        for (const arg of step.args) copied.add(arg)
      }
    }
    return copied
  }

  private compileStep(step: Step, value: number, copied: ReadonlySet<number>): void {
    switch (step.op) {
      case 'constant':
        this.compileConstant(step.dtype, value, step.value)
        break
      case 'scalar':
        this.compileScalar(step.dtype, value, step.scalar)
        break
      case 'load':
        this.addSource(value, this.compileLoad(step, value, copied.has(value)))
        break
      case 'gather':
        this.compileGather(step, value)
        break
      case 'index':
        this.addInto(step, value, (out) => indexInto(step.index, this.space, out))
        break
      case 'inside':
        this.addInto(step, value, (out) => insideInto(step.within, this.space, out))
        break
      case 'reduced':
        this.compileReduced(step, value)
        break
      case 'apply':
        if (step.instruction === 'bitcast') this.compileBitcast(step, value)
        else this.compileApply(step, value)
    }
  }

  private compileConstant(dtype: DType, value: number, number: number): void {
    const array = this.registers.reserve(dtype).fill(castNumber(number, dtype))
    this.cells.set(value, { array })
  }

  private compileScalar(dtype: DType, value: number, scalar: number): void {
    const { scalars } = this.environment
    const array = this.registers.reserve(dtype)
    this.beginnings.push(() => array.fill(castNumber(scalars[scalar] ?? 0, dtype)))
    this.cells.set(value, { array })
  }

  private compileLoad(step: LoadStep, value: number, copied: boolean): Source {
    const binding = operandOf(this.environment, step.operand, step.dtype)
    if (!copied && isInPlace(step, this.space)) return loadInPlace(step, binding)
    const out = isConstant(step, this.space)
      ? this.registers.reserve(step.dtype)
      : this.take(step.dtype, value)
    return loadInto(step, this.space, binding, out)
  }

  private compileGather(step: GatherStep, value: number): void {
    const binding = operandOf(this.environment, step.operand, step.dtype)
    if (this.program[step.offset]?.dtype !== 'int32') {
      throw malformed(`a gather by step ${step.offset}`, 'an earlier step of int32 values')
    }
    const offsets = this.cell(step.offset)
    this.releaseAfter(value)
    this.addInto(step, value, (out) => gatherInto(step, this.space, binding, offsets, out))
  }

  private compileReduced(step: Extract<Step, { op: 'reduced' }>, value: number): void {
    const source = this.environment.reduced[step.reduction]
    if (source === undefined) {
      throw malformed(`reduction ${step.reduction}`, 'a reduction of an earlier stage')
    }
    this.addInto(step, value, (out) => ({ run: (_start, count) => source.fill(out, count) }))
  }

  private compileApply(step: ApplyStep, value: number): void {
    const args = step.args.map((arg) => this.cell(arg))
    const dtypes = step.args.map((arg) => this.program[arg]?.dtype ?? step.dtype)
    const loop = loopOf(step, dtypes)
    // A register that dies here may become the result: every loop reads a point before it writes it.
    this.releaseAfter(value)
    const cell = { array: this.take(step.dtype, value) }
    this.cells.set(value, cell)
    this.actions.push(new Apply(loop, cell, args))
  }

  private compileBitcast(step: ApplyStep, value: number): void {
    const [arg = -1] = step.args
    const fits = `${this.program[arg]?.dtype} to ${step.dtype}`
    if (fits !== 'float32 to int32' && fits !== 'int32 to float32') {
      throw malformed(`a bitcast from ${fits}`, 'float32 to int32 or int32 to float32')
    }
    this.cells.set(value, { array: reinterpret(this.cell(arg).array, step.dtype) })
  }

  private compileStores(stores: readonly Store[]): void {
    const redirected = stores.find((store) => this.isRedirectable(store))
    if (redirected !== undefined) {
      const instruction = this.actions.pop()
      const cell = this.cell(redirected.value)
      this.actions.push(redirect(redirected, this.target(redirected), cell))
      if (instruction !== undefined) this.actions.push(instruction)
    }
    for (const store of stores) {
      if (store === redirected) continue
      const cell = this.cell(store.value)
      this.actions.push(storeFrom(store, this.space, this.target(store), cell, this.capacity))
    }
  }

  private target({ value, operand }: Store): Binding {
    return operandOf(this.environment, operand, this.program[value]?.dtype ?? 'float32')
  }

  /** Nothing is loaded after the last instruction, so its result needs no register of its own. */
  private isRedirectable(store: Store): boolean {
    const step = this.program[store.value]
    if (store.value !== this.liveness.last || step?.op !== 'apply') return false
    return step.instruction !== 'bitcast' && isConsecutive(store, this.space)
  }

  private addSource(value: number, { cell, begin, action }: Source): void {
    this.cells.set(value, cell)
    if (begin !== undefined) this.beginnings.push(begin)
    if (action !== undefined) this.actions.push(action)
  }

  private addInto(step: Step, value: number, create: (out: TypedArray) => Action): void {
    const array = this.take(step.dtype, value)
    this.cells.set(value, { array })
    this.actions.push(create(array))
  }

  private take(dtype: DType, value: number): TypedArray {
    const register = this.registers.take(dtype)
    this.taken.set(value, register)
    return register
  }

  /** Gives back the registers that step `at` reads last. */
  private releaseAfter(at: number): void {
    for (const [value, register] of this.taken) {
      if ((this.liveness.lastUse[value] ?? 0) > at) continue
      this.taken.delete(value)
      this.registers.give(this.program[value]?.dtype ?? 'float32', register)
    }
  }
}

/**
 * Compiles a program for the points of `space`. `stores` write from it; `roots` are further values
 * whose cells the caller reads after `evaluate`.
 */
export function compileProgram(
  program: Program,
  space: Space,
  environment: Environment,
  stores: readonly Store[],
  roots: readonly number[],
): CompiledProgram {
  return new ProgramCompiler(program, space, environment, stores, roots)
}
