import type { RangeData } from '@tensorweft/core'
import {
  type Code,
  type FunctionBuilder,
  i32,
  i32x4,
  type Local,
  v128,
} from '../assembler/index.ts'
import type { Vector } from '../scalar/vector.ts'
import { axesOf, coefficientOf } from './bounds.ts'
import type { CursorPlace, CursorSet } from './cursors.ts'
import { type Condition, conditionsOf } from './guard.ts'
import { type AxisValue, addConstant } from './index-code.ts'
import { laneIndex, ramp } from './lane-index.ts'
import { depthOfAxes, isVarying, type Nest, type Part } from './nest.ts'

/** A condition that is the same for all lanes. */
interface UniformCondition {
  readonly place: CursorPlace
  readonly span: number
  readonly depth: number
}

/** A condition on an index that grows by `step` from lane to lane. */
interface LaneCondition {
  readonly place: CursorPlace
  readonly span: number
  readonly step: number
}

/** Conditions that must all hold: those of one load, sorted by how they are tested. */
interface Guard {
  readonly uniform: readonly UniformCondition[]
  readonly lanes: readonly LaneCondition[]
  /** Conditions whose digits differ from lane to lane. */
  readonly digits: readonly Condition[]
}

/** Conditions of a program in a nest, tested in the outermost loop where they are known. */
export class GuardSet {
  /** Whether all uniform guards hold where code is emitted now. */
  isInside = false
  readonly #nest: Nest
  readonly #cursors: CursorSet
  readonly #guards: Guard[] = []
  readonly #byKey = new Map<string, number>()
  /** Whether the uniform conditions of a guard that are known so far hold. */
  #hold: readonly (Local<'i32'> | undefined)[] = []

  constructor(nest: Nest, cursors: CursorSet) {
    this.#nest = nest
    this.#cursors = cursors
  }

  /** The number of a guard; undefined if it always holds, `'never'` if it never does. */
  add(within: readonly RangeData[]): number | undefined | 'never' {
    const conditions = conditionsOf(within, this.#nest.sizes)
    if (conditions === 'never') return 'never'
    if (conditions.length === 0) return undefined
    const key = conditions.map((condition) => condition.key).join(' & ')
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const number = this.#guards.push(this.#sort(conditions)) - 1
    this.#byKey.set(key, number)
    return number
  }

  /** Tests the uniform conditions that are known once `depth` loops are entered. */
  enter(f: FunctionBuilder, depth: number): void {
    this.#hold = this.#guards.map(({ uniform }, k) =>
      uniform.reduce((hold, condition) => {
        if (condition.depth !== depth) return hold
        const test = i32.ltU(this.#valueAt(condition.place), i32.const(condition.span))
        return f.local('i32', hold === undefined ? test : i32.and(hold, test))
      }, this.#hold[k]),
    )
  }

  save(): readonly (Local<'i32'> | undefined)[] {
    return this.#hold
  }

  restore(hold: readonly (Local<'i32'> | undefined)[]): void {
    this.#hold = hold
  }

  /** Whether a guard needs no test where code is emitted now. */
  isKnown(guard: number | 'never'): boolean {
    return this.isInside && guard !== 'never' && this.isUniform(guard)
  }

  /** Whether a guard is the same for all lanes. */
  isUniform(number: number): boolean {
    const guard = this.#guards[number]
    return guard === undefined || (guard.lanes.length === 0 && guard.digits.length === 0)
  }

  /** How many loops must be entered before all uniform guards are known; −1 if there are none. */
  get depth(): number {
    const uniform = this.#guards.filter((_, k) => this.isUniform(k))
    return Math.max(-1, ...uniform.flatMap((guard) => guard.uniform.map(({ depth }) => depth)))
  }

  /** Whether they hold, each as 1 or 0. */
  get uniform(): readonly Code<'i32'>[] {
    return this.#hold.flatMap((hold, k) => (hold && this.isUniform(k) ? [hold] : []))
  }

  /** Whether the guard holds in all lanes of a part; undefined if that is not easily told. */
  allInside(number: number, part: Part): Code<'i32'> | undefined {
    const guard = this.#guards[number]
    if (guard === undefined || guard.digits.length > 0) return undefined
    const tests = guard.lanes.map(({ place, span, step }) => {
      const reach = step * (part.lanes - 1)
      const room = span - Math.abs(reach)
      if (room <= 0) return i32.const(0)
      const least = step * part.offset + Math.min(reach, 0)
      return i32.ltU(addConstant(this.#valueAt(place), least), i32.const(room))
    })
    const hold = this.#hold[number]
    const all = hold === undefined ? tests : [hold, ...tests]
    const [first, ...rest] = all
    return first && rest.reduce<Code<'i32'>>((both, test) => i32.and(both, test), first)
  }

  /** All ones in the lanes of a part where the guard holds. */
  mask(f: FunctionBuilder, number: number, part: Part, axisValue: AxisValue): Vector {
    const guard = this.#guards[number]
    const hold = this.#hold[number]
    const masks: Vector[] = []
    if (hold !== undefined) masks.push(i32x4.splat(i32.sub(i32.const(0), hold)))
    for (const { place, span, step } of guard?.lanes ?? []) {
      const start = addConstant(this.#valueAt(place), step * part.offset)
      masks.push(i32x4.ltU(ramp(start, step), i32x4.constSplat(span)))
    }
    for (const { index, span } of guard?.digits ?? []) {
      const values = laneIndex(f, this.#nest, index, part, axisValue)
      masks.push(i32x4.ltU(values, i32x4.constSplat(span)))
    }
    const [first = i32x4.constSplat(-1), ...rest] = masks
    return rest.reduce<Vector>((both, mask) => v128.and(both, mask), first)
  }

  #sort(conditions: readonly Condition[]): Guard {
    const nest = this.#nest
    const vectorAxis = nest.loops[nest.vector]?.axis ?? -1
    const varying = conditions.filter(({ index }) => isVarying(nest, index))
    const hasLaneDigits = ({ index }: Condition) =>
      index.digits.some(({ of }) => isVarying(nest, of))
    const place = ({ index }: Condition) => this.#cursors.place(index, 1, undefined, false)
    return {
      uniform: conditions
        .filter((condition) => !varying.includes(condition))
        .map((condition) => ({
          place: place(condition),
          span: condition.span,
          depth: depthOfAxes(nest, axesOf(condition.index)),
        })),
      lanes: varying
        .filter((condition) => !hasLaneDigits(condition))
        .map((condition) => ({
          place: place(condition),
          span: condition.span,
          step: coefficientOf(condition.index, vectorAxis),
        })),
      digits: varying.filter(hasLaneDigits),
    }
  }

  #valueAt(place: CursorPlace): Code<'i32'> {
    const { local, offset } = this.#cursors.locate(place)
    return addConstant(local, offset)
  }
}
