import { f32x4, f64x2, i8x16, i32, i32x4, v128 } from '../assembler/index.ts'
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

/** Quotients up to here, and twice that, times a float32 number are exact in float64. */
const reach = 2 ** 28
/** Stands for an infinite divisor: any float32 number is less, and no product here is infinite. */
const infinite = 2 ** 400

/**
 * a − b · floor(a / b) of floats, in float64. Where a quotient is large, a is first brought closer
 * to 0 by multiples of b, which changes nothing: from b · 2²⁵² down to b · 2²⁸, each quotient is
 * small enough for an exact product, and each difference is a float32 number.
 */
export function remainderFloat32(source: LocalSource, a: Vector, b: Vector): Vector {
  const limit = f32x4.mul(b, f32x4.constSplat(reach))
  const isNear = source.local('v128', f32x4.le(f32x4.abs(a), f32x4.abs(limit)))
  const half = (x: Vector, y: Vector) => {
    const rest = source.local('v128', f64x2.promoteLowF32x4(x))
    const bounded = f64x2.pmin(f64x2.promoteLowF32x4(y), f64x2.constSplat(infinite))
    const divisor = source.local('v128', f64x2.pmax(bounded, f64x2.constSplat(-infinite)))
    const without = (step: Vector, round: (x: Vector) => Vector) =>
      f64x2.sub(rest, f64x2.mul(step, round(f64x2.div(rest, step))))
    source.emit((f) =>
      f.if(i32.eqz(i32x4.allTrue(isNear)), () => {
        const step = f.local('v128', f64x2.mul(divisor, f64x2.constSplat(reach ** 9)))
        const turns = f.local('i32', i32.const(9))
        f.repeat(() => {
          f.set(rest, without(step, f64x2.nearest))
          f.set(step, f64x2.mul(step, f64x2.constSplat(1 / reach)))
          f.set(turns, i32.sub(turns, i32.const(1)))
          return turns
        })
      }),
    )
    return f32x4.demoteF64x2Zero(without(divisor, f64x2.floor))
  }
  const high = half(i8x16.shuffle(a, a, swapHalves), i8x16.shuffle(b, b, swapHalves))
  return i8x16.shuffle(half(a, b), high, joinHalves)
}
