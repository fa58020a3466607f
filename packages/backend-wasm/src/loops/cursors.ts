import type { IndexData } from '@tensorweft/core'
import { type FunctionBuilder, i32, type Local } from '../assembler/index.ts'
import { axesOf, coefficientOf } from './bounds.ts'
import { type AxisValue, indexCode } from './index-code.ts'
import { depthOfAxes, type Nest } from './nest.ts'

/**
 * An integer variable that holds `base + scale · index` and is moved along with the loops by
 * additions alone.
 */
interface Cursor {
  readonly index: IndexData
  readonly scale: number
  readonly base: Local<'i32'> | undefined
  /** How many loops must be entered before its digits are known. */
  readonly birth: number
  /** What it gains from one point to the next, by loop. */
  readonly steps: readonly number[]
  /** The least constant of all indexes that share it. */
  constant: number
}

/** A place at a fixed distance from a cursor. */
export interface CursorPlace {
  readonly cursor: number
  readonly constant: number
}

/** Cursors of a program in a nest, by number; their variables change as loops are entered. */
export class CursorSet {
  readonly #nest: Nest
  readonly #cursors: Cursor[] = []
  readonly #byKey = new Map<string, number>()
  #locals: readonly (Local<'i32'> | undefined)[] = []

  constructor(nest: Nest) {
    this.#nest = nest
  }

  /**
   * A cursor for an index. `isShared` says that the index is valid at every point, so that
   * indexes that differ in their constants can share a cursor that holds the least of them.
   */
  place(
    index: IndexData,
    scale: number,
    base: Local<'i32'> | undefined,
    isShared: boolean,
  ): CursorPlace {
    const own = isShared ? '' : index.constant
    const key = `${base?.index} ${scale} ${own} ${JSON.stringify([index.terms, index.digits])}`
    const known = this.#byKey.get(key)
    const number = known ?? this.#create(index, scale, base)
    this.#byKey.set(key, number)
    const cursor = this.#cursors[number]
    if (cursor !== undefined) cursor.constant = Math.min(cursor.constant, index.constant)
    return { cursor: number, constant: index.constant }
  }

  /** Where a place is now: a variable and a distance of 0 or more. */
  locate({ cursor, constant }: CursorPlace): { local: Local<'i32'>; offset: number } {
    const local = this.#locals[cursor]
    const known = this.#cursors[cursor]
    if (local === undefined || known === undefined) throw new Error('a cursor is used too early')
    return { local, offset: (constant - known.constant) * known.scale }
  }

  /** Computes the cursors that are known once `depth` loops are entered. */
  enter(f: FunctionBuilder, depth: number, axisValue: AxisValue): void {
    this.#locals = this.#cursors.map((cursor, k) => {
      if (cursor.birth !== depth) return this.#locals[k]
      const { index, scale, base, constant } = cursor
      const start = indexCode({ ...index, constant }, this.#nest.sizes, axisValue, scale, base)
      return f.local('i32', start)
    })
  }

  /** Gives each cursor that moves in a loop a variable for it. */
  open(f: FunctionBuilder, position: number): void {
    this.#locals = this.#locals.map((local, k) => {
      const cursor = this.#cursors[k]
      if (local === undefined || cursor === undefined || cursor.birth > position) return local
      return cursor.steps[position] === 0 ? local : f.local('i32', local)
    })
  }

  /** Moves the cursors of a loop by some points. */
  advance(f: FunctionBuilder, position: number, points: number): void {
    this.#cursors.forEach((cursor, k) => {
      const local = this.#locals[k]
      const step = (cursor.steps[position] ?? 0) * points
      if (local === undefined || cursor.birth > position || step === 0) return
      f.set(local, i32.add(local, i32.const(step)))
    })
  }

  save(): readonly (Local<'i32'> | undefined)[] {
    return this.#locals
  }

  restore(locals: readonly (Local<'i32'> | undefined)[]): void {
    this.#locals = locals
  }

  #create(index: IndexData, scale: number, base: Local<'i32'> | undefined): number {
    const nest = this.#nest
    const birth = depthOfAxes(
      nest,
      index.digits.flatMap(({ of }) => axesOf(of)),
    )
    const steps = nest.loops.map(({ axis }) => coefficientOf(index, axis) * scale)
    const { constant } = index
    return this.#cursors.push({ index, scale, base, birth, steps, constant }) - 1
  }
}
