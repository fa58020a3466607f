import { type Combiner, identityOf, type Reduction } from '@tensorweft/core'
import { type FunctionBuilder, f32x4, f64x2, i8x16, v128 } from '../assembler/index.ts'
import { combineLanes } from '../kernels/accumulators.ts'
import { WideSum } from '../kernels/wide-sum.ts'
import { lanesPerVector } from '../loops/nest.ts'
import { lanes } from '../scalar/halves.ts'
import { constantOf, type LaneDType, laneDType } from '../scalar/register.ts'
import type { Vector, VectorLocal } from '../scalar/vector.ts'

/** Totals that grow vector by vector. Sums of floats are carried in float64. */
export interface RunningTotals {
  /** The totals up to and with the first `count` lanes of `value`. */
  next(value: VectorLocal, count: number): Vector
}

/** A total for each lane: the lanes belong to different rows. */
export function totalsAcross(f: FunctionBuilder, reduction: Reduction): RunningTotals {
  return isWide(reduction) ? new WideAcross(f) : new Across(f, reduction)
}

/** One total: the lanes are points of a row, in order. */
export function totalAlong(f: FunctionBuilder, reduction: Reduction): RunningTotals {
  return new Along(f, isWide(reduction) ? new WideLane(f) : new Across(f, reduction))
}

function isWide({ combiner, dtype }: Reduction): boolean {
  return combiner === 'sum' && dtype === 'float32'
}

class Across implements RunningTotals {
  readonly #f: FunctionBuilder
  readonly #combiner: Combiner
  readonly #dtype: LaneDType
  readonly #totals: VectorLocal

  constructor(f: FunctionBuilder, { combiner, dtype }: Reduction) {
    this.#f = f
    this.#combiner = combiner
    this.#dtype = laneDType(dtype)
    this.#totals = f.local('v128', constantOf(this.#dtype, identityOf(combiner, dtype)))
  }

  next(value: VectorLocal): Vector {
    const sum = combineLanes(this.#f, this.#combiner, this.#dtype, this.#totals, value)
    this.#f.set(this.#totals, sum)
    return this.#totals
  }
}

class WideAcross implements RunningTotals {
  readonly #sum: WideSum

  constructor(f: FunctionBuilder) {
    this.#sum = new WideSum(f)
  }

  next(value: VectorLocal): Vector {
    this.#sum.add(value)
    return this.#sum.narrow()
  }
}

/** A sum of values that are the same in all lanes; its result is in the first. */
class WideLane implements RunningTotals {
  readonly #f: FunctionBuilder
  readonly #total: VectorLocal

  constructor(f: FunctionBuilder) {
    this.#f = f
    this.#total = f.local('v128', v128.const(new Uint8Array(16)))
  }

  next(value: VectorLocal): Vector {
    this.#f.set(this.#total, f64x2.add(this.#total, f64x2.promoteLowF32x4(value)))
    return f32x4.demoteF64x2Zero(this.#total)
  }
}

/** Lane after lane: what is added is never regrouped. */
class Along implements RunningTotals {
  readonly #f: FunctionBuilder
  readonly #total: RunningTotals

  constructor(f: FunctionBuilder, total: RunningTotals) {
    this.#f = f
    this.#total = total
  }

  next(value: VectorLocal, count: number): Vector {
    const f = this.#f
    const totals = Array.from({ length: lanesPerVector }, (_, k) => k).map((k) => {
      if (k >= count) return undefined
      const lane = f.local('v128', i8x16.shuffle(value, value, lanes(k, k, k, k)))
      return f.local('v128', this.#total.next(lane, 1))
    })
    const [first, second = first, third = first, fourth = first] = totals
    if (first === undefined || second === undefined) return value
    if (third === undefined || fourth === undefined) return value
    const low = f.local('v128', i8x16.shuffle(first, second, lanes(0, 4, 0, 4)))
    const high = f.local('v128', i8x16.shuffle(third, fourth, lanes(0, 4, 0, 4)))
    return i8x16.shuffle(low, high, lanes(0, 1, 4, 5))
  }
}
