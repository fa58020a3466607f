import type { TypedArray } from '@tensorweft/core'
import { bytesOf } from '../plans/bytes.ts'
import { ConformanceError } from './conformance-error.ts'

/** How far a result may be off. */
export interface Tolerance {
  /** Relative to the wanted value. */
  readonly relative?: number
  readonly absolute?: number
}

/** Throws unless the arrays hold the same numbers; NaN is NaN, and the sign of zero is free. */
export function checkSame(what: string, got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  checkNear(what, got, wanted, {})
}

/** As `checkSame`, up to a tolerance. */
export function checkNear(
  what: string,
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  { relative = 0, absolute = 0 }: Tolerance,
): void {
  if (got.length !== wanted.length) {
    throw new ConformanceError(`${what}: ${got.length} elements instead of ${wanted.length}`)
  }
  const wrong: string[] = []
  for (let i = 0; i < wanted.length; i++) {
    const [a = Number.NaN, b = Number.NaN] = [got[i], wanted[i]]
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue
    if (Math.abs(a - b) <= absolute + relative * Math.abs(b)) continue
    wrong.push(`[${i}] got ${a}, wanted ${b}`)
  }
  if (wrong.length === 0) return
  const count = `${wrong.length} of ${wanted.length} elements`
  throw new ConformanceError(`${what}: ${count} differ: ${wrong.slice(0, 4).join('; ')}`)
}

/** Throws unless both hold the same bits. */
export function checkSameBits(what: string, a: TypedArray, b: TypedArray): void {
  const [x, y] = [bytesOf(a), bytesOf(b)]
  const at = x.findIndex((byte, i) => byte !== y[i])
  if (at < 0 && x.length === y.length) return
  const element = Math.floor(at / a.BYTES_PER_ELEMENT)
  throw new ConformanceError(`${what}: [${element}] is ${a[element]} and ${b[element]}`)
}
