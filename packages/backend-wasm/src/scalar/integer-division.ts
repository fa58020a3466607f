import { f32x4, f64x2, i8x16, i32x4, v128 } from '../assembler/index.ts'
import { joinHalves, swapHalves } from './halves.ts'
import type { LocalSource, Vector } from './vector.ts'

const zero = () => i32x4.constSplat(0)

/**
 * Floor of a quotient of int32 values, 0 where the divisor is 0. There is no such instruction on
 * vectors; the rounded quotient in float64 never reaches the next integer, because its distance
 * from one is at least 1 / b and its rounding error is below 2⁻²¹ / b.
 */
export function divideInt32(f: LocalSource, a: Vector, b: Vector): Vector {
  const half = (x: Vector, y: Vector) => {
    const quotient = f64x2.div(f64x2.convertLowI32x4S(x), f64x2.convertLowI32x4S(y))
    return i32x4.truncSatF64x2SZero(f64x2.floor(quotient))
  }
  const high = half(i8x16.shuffle(a, a, swapHalves), i8x16.shuffle(b, b, swapHalves))
  const quotient = i8x16.shuffle(half(a, b), high, joinHalves)
  // −2³¹ / −1 wraps, where the conversion would saturate.
  const isNegation = i32x4.eq(b, i32x4.constSplat(-1))
  const wrapped = f.local('v128', v128.bitSelect(i32x4.neg(a), quotient, isNegation))
  return v128.andNot(wrapped, i32x4.eq(b, zero()))
}

/** The same for values from 0 to 255, which float32 divides as well. */
export function divideUint8(_f: LocalSource, a: Vector, b: Vector): Vector {
  const quotient = f32x4.div(f32x4.convertI32x4S(a), f32x4.convertI32x4S(b))
  const whole = i32x4.truncSatF32x4S(quotient)
  return v128.andNot(whole, i32x4.eq(b, zero()))
}

/** a − b · floor(a / b), 0 where b is 0. */
export function remainder(
  divide: (f: LocalSource, a: Vector, b: Vector) => Vector,
): (f: LocalSource, a: Vector, b: Vector) => Vector {
  return (f, a, b) => {
    const rest = i32x4.sub(a, i32x4.mul(b, divide(f, a, b)))
    return v128.andNot(rest, i32x4.eq(b, zero()))
  }
}

/** a − b · floor(a / b) of floats, in float64: exact while the quotient is below 2²⁹. */
export function remainderFloat32(f: LocalSource, a: Vector, b: Vector): Vector {
  const half = (x: Vector, y: Vector) => {
    const dividend = f.local('v128', f64x2.promoteLowF32x4(x))
    const divisor = f.local('v128', f64x2.promoteLowF32x4(y))
    const quotient = f64x2.floor(f64x2.div(dividend, divisor))
    return f32x4.demoteF64x2Zero(f64x2.sub(dividend, f64x2.mul(divisor, quotient)))
  }
  const high = half(i8x16.shuffle(a, a, swapHalves), i8x16.shuffle(b, b, swapHalves))
  return i8x16.shuffle(half(a, b), high, joinHalves)
}
