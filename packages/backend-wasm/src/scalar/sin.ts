import { f32x4, f64x2, i8x16, i32x4, v128 } from '../assembler/index.ts'
import { choose, multiplyAdd } from './fused.ts'
import { joinHalves, swapHalves } from './halves.ts'
import { polynomial } from './polynomial.ts'
import type { LocalSource, Vector } from './vector.ts'

// Minimax polynomials of r² for |r| ≤ π/4: (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴.
const sineTail = [-0.166666552, 0.0083321603, -0.000195152184]
const cosineTail = [0.0416666456, -0.00138873153, 2.44330822e-5]

// π/2 in two parts: products of the first, which has 33 bits, with integers below 2^20 are exact.
const quarterHigh = 1.5707963267341256
const quarterLow = 6.077100506506192e-11

/**
 * Writes x = k π/2 + r with |r| ≤ π/4, in float64 so that r keeps its bits where x is close to a
 * multiple of π/2.
 */
function reduce(f: LocalSource, x: Vector) {
  const half = (lanes: Vector) => {
    const wide = f.local('v128', f64x2.promoteLowF32x4(lanes))
    const quarters = f64x2.nearest(f64x2.mul(wide, f64x2.constSplat(2 / Math.PI)))
    const k = f.local('v128', quarters)
    const high = f64x2.sub(wide, f64x2.mul(k, f64x2.constSplat(quarterHigh)))
    const r = f64x2.sub(high, f64x2.mul(k, f64x2.constSplat(quarterLow)))
    return { k: i32x4.truncSatF64x2SZero(k), r: f32x4.demoteF64x2Zero(r) }
  }
  const [low, high] = [half(x), half(i8x16.shuffle(x, x, swapHalves))]
  // The limits matter only where |x| is too large to be reduced.
  const limit = Math.PI / 4
  const least = f32x4.pmax(i8x16.shuffle(low.r, high.r, joinHalves), f32x4.constSplat(-limit))
  return {
    k: f.local('v128', i8x16.shuffle(low.k, high.k, joinHalves)),
    r: f.local('v128', f32x4.pmin(least, f32x4.constSplat(limit))),
  }
}

/** sin(r + k π/2) */
function sineOfQuarters(f: LocalSource, r: Vector, k: Vector): Vector {
  const square = f.local('v128', f32x4.mul(r, r))
  const cube = f32x4.mul(square, r)
  const sine = multiplyAdd(cube, polynomial(f, square, sineTail), r)
  const flat = f32x4.sub(f32x4.constSplat(1), f32x4.mul(square, f32x4.constSplat(0.5)))
  const cosine = multiplyAdd(f32x4.mul(square, square), polynomial(f, square, cosineTail), flat)
  const isOdd = i32x4.ne(v128.and(k, i32x4.constSplat(1)), i32x4.constSplat(0))
  const value = choose(cosine, sine, isOdd)
  const sign = v128.and(i32x4.shl(k, 30), i32x4.constSplat(-(2 ** 31)))
  return v128.xor(value, sign)
}

/** Sine, within 2 ulp for |x| ≤ 10⁶. */
export function sin(f: LocalSource, x: Vector): Vector {
  const { k, r } = reduce(f, x)
  const value = sineOfQuarters(f, r, k)
  // The reduction loses the sign of −0.
  return choose(x, value, f32x4.eq(x, f32x4.constSplat(0)))
}

/** Cosine, within 2 ulp for |x| ≤ 10⁶. */
export function cos(f: LocalSource, x: Vector): Vector {
  const { k, r } = reduce(f, x)
  const next = f.local('v128', i32x4.add(k, i32x4.constSplat(1)))
  return sineOfQuarters(f, r, next)
}
