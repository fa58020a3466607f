import { type FunctionBuilder, f32x4, f64x2, i8x16, v128 } from '../assembler/index.ts'
import { joinHalves, lanes, swapHalves } from '../scalar/halves.ts'
import type { Vector, VectorLocal } from '../scalar/vector.ts'

/** A sum of float32 vectors in float64: lanes 0 and 1, and lanes 2 and 3. */
export class WideSum {
  readonly #f: FunctionBuilder
  readonly #low: VectorLocal
  readonly #high: VectorLocal

  constructor(f: FunctionBuilder) {
    this.#f = f
    this.#low = f.local('v128', v128.const(new Uint8Array(16)))
    this.#high = f.local('v128', v128.const(new Uint8Array(16)))
  }

  add(value: VectorLocal): void {
    const high = i8x16.shuffle(value, value, swapHalves)
    this.#f.set(this.#low, f64x2.add(this.#low, f64x2.promoteLowF32x4(value)))
    this.#f.set(this.#high, f64x2.add(this.#high, f64x2.promoteLowF32x4(high)))
  }

  /** Adds another sum lane by lane. */
  join(other: WideSum): void {
    this.#f.set(this.#low, f64x2.add(this.#low, other.#low))
    this.#f.set(this.#high, f64x2.add(this.#high, other.#high))
  }

  /** The sums of the lanes in float32. */
  narrow(): Vector {
    const [low, high] = [f32x4.demoteF64x2Zero(this.#low), f32x4.demoteF64x2Zero(this.#high)]
    return i8x16.shuffle(low, high, joinHalves)
  }

  /** The sum of all lanes, in every lane. */
  total(): Vector {
    const both = this.#f.local('v128', f64x2.add(this.#low, this.#high))
    const sum = f64x2.add(both, i8x16.shuffle(both, both, swapHalves))
    const narrow = this.#f.local('v128', f32x4.demoteF64x2Zero(sum))
    return i8x16.shuffle(narrow, narrow, lanes(0, 0, 0, 0))
  }
}
