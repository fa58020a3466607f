import { castNumber, type DType, type FloatDType, isFloat } from '@tensorweft/core'
import { roundedTo } from './dtypes.ts'

/** Half the distance between 1 and the next number. */
const unitRoundoff = { float32: 2 ** -24, float64: 2 ** -53, float16: 2 ** -11 } as const
const largest = {
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
  float16: 65504,
} as const
/**
 * Least normal number: a backend may treat what is smaller as zero. Of float16 the least number at
 * all, as it is computed in float32.
 */
const tiny = { float32: 2 ** -126, float64: 2 ** -1022, float16: 2 ** -24 } as const

export function roundoffOf(dtype: DType): number {
  return isFloat(dtype) ? unitRoundoff[dtype] : 0
}

/** A value with its radius, after its computation has been rounded to a dtype. */
export interface Rounded {
  value: number
  radius: number
}

/**
 * Rounds a value that is known up to `spread` and computed with a relative error of `ulps` units in
 * the last place. Numbers that the dtype holds are exact if the arguments were: `ulps` is at most ½
 * for correctly rounded functions only.
 */
export function roundTo(dtype: DType, value: number, spread: number, ulps: number): Rounded {
  if (!isFloat(dtype)) return { value, radius: spread }
  if (Number.isNaN(value)) return { value, radius: spread === 0 ? 0 : Number.POSITIVE_INFINITY }
  if (!Number.isFinite(spread)) return { value, radius: Number.POSITIVE_INFINITY }
  if (!Number.isFinite(value)) return { value, radius: 0 }
  if (spread === 0 && ulps <= 0.5 && castNumber(value, dtype) === value && dtype === 'float32') {
    return { value, radius: isSubnormal(value, dtype) ? Math.abs(value) : 0 }
  }
  if (dtype === 'float16' && spread === 0 && ulps <= 0.5) {
    return { value: roundedTo(dtype, value), radius: 0 }
  }
  const size = Math.abs(value)
  const error = spread + 2 * Math.max(ulps, 1) * roundoffOf(dtype) * (size + spread)
  const radius = size < 2 * tiny[dtype] ? error + tiny[dtype] : error
  return roundLarge(dtype, value, radius)
}

function isSubnormal(value: number, dtype: FloatDType): boolean {
  return value !== 0 && Math.abs(value) < tiny[dtype]
}

/** What is certainly beyond the largest number is infinite; what may be is unknown. */
function roundLarge(dtype: FloatDType, value: number, radius: number): Rounded {
  const size = Math.abs(value)
  if (size + radius < largest[dtype]) return { value, radius }
  if (size - radius <= largest[dtype]) return { value, radius: Number.POSITIVE_INFINITY }
  return { value: Math.sign(value) * Number.POSITIVE_INFINITY, radius: 0 }
}

/**
 * How far a result may lie from `centre`, given what it is for changed arguments: 0 for the same
 * NaN or infinity, ∞ where one is finite and another is not.
 */
export function deviation(centre: number, others: readonly number[]): number {
  let most = 0
  for (const other of others) {
    if (Object.is(other, centre) || other === centre) continue
    const distance = Math.abs(other - centre)
    if (Number.isNaN(distance)) return Number.POSITIVE_INFINITY
    most = Math.max(most, distance)
  }
  return most
}
