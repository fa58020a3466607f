import type { ScalarBuilder } from './builder.ts'
import { floatOf, leadingPart, magnitude, negatedWhere, type WideFloat } from './parts.ts'
import { polynomial } from './polynomial.ts'
import type { Scalar } from './scalar.ts'

/** Minimax polynomials in x² for erf x / x − 1 where |x| ≤ 1: within 2^−35 and 2^−61. */
const nearSeries: Readonly<Record<WideFloat, readonly number[]>> = {
  float32: [
    0.1283791671, -0.3761263848, 0.1128378275, -0.02686544584, 0.005221074909, -0.0008484711773,
    0.0001127054613, -0.000009680139346,
  ],
  float64: [
    0.1283791670955126, -0.37612638903183754, 0.1128379167095512, -0.026866170645129868,
    0.005223977625423609, -0.0008548327021955926, 0.0001205533290380876, -0.0000149256475943974,
    0.0000016462045978746, -1.636464952888e-7, 1.47924694531e-8, -1.2164967563e-9, 8.71046194e-11,
    -4.2331247e-12,
  ],
}

/** Where the variable of `tailSeries` is 0. */
const middle = 3

/**
 * Minimax polynomials in (x − 3) / (x + 3) for (x + 3) e^(x²) erfc x, which is smooth up to
 * infinity: relatively within 2^−28 and 2^−55.
 */
const tailSeries: Readonly<Record<WideFloat, readonly number[]>> = {
  float32: [
    1.074006908, -0.8833944864, 0.5902282985, -0.3104660085, 0.1195290683, -0.02683982613,
    -0.00122643035, 0.003080327708, -0.0004831776202, -0.0003253336529,
  ],
  float64: [
    1.0740069070883398, -0.8833944531698835, 0.5902283571040995, -0.31046726190057383,
    0.1195277612874353, -0.026827234624312055, -0.001212416630599539, 0.003034061999089296,
    -0.000548309651506529, -0.00027677782976679, 0.000107561211006486, 0.000030398069779767,
    -0.000017469403790807, -0.000004748831424834, 0.00000276228461586, 9.97704737389e-7,
    -4.02720813316e-7, -2.31091929133e-7, 4.0704389389e-8, 4.7435889663e-8, 1.898613042e-9,
    -5.994117332e-9, -1.404300438e-9,
  ],
}

/** What rounding took from x². */
function lostOfSquare(s: ScalarBuilder, x: Scalar, square: Scalar): Scalar {
  const high = leadingPart(s, x)
  return s.add(s.sub(s.mul(high, high), square), s.mul(s.sub(x, high), s.add(x, high)))
}

/** erf x for |x| ≤ 1. */
function near(s: ScalarBuilder, x: Scalar): Scalar {
  return s.add(x, s.mul(x, polynomial(s, s.mul(x, x), nearSeries[floatOf(x)])))
}

/** erfc x for x ≥ 0, relatively accurate as long as it is no subnormal number. */
function tail(s: ScalarBuilder, x: Scalar): Scalar {
  // Beyond, it is 0 in every dtype.
  const limited = s.min(x, 28)
  const scale = s.div(s.constant(x.dtype, 1), s.add(limited, middle))
  const t = s.mul(s.sub(limited, middle), scale)
  const scaled = s.mul(polynomial(s, t, tailSeries[floatOf(x)]), scale)
  const square = s.mul(limited, limited)
  // e^(−x²) is as sensitive to x² as x² is large, so what the square lost is made up for.
  const corrected = s.sub(scaled, s.mul(scaled, lostOfSquare(s, limited, square)))
  return s.mul(s.call('exp', s.mul(square, -1)), corrected)
}

/** 2/√π ∫₀ˣ e^(−t²) dt. */
export function errorFunction(s: ScalarBuilder, x: Scalar): Scalar {
  const size = magnitude(s, x)
  const far = s.sub(s.constant(x.dtype, 1), tail(s, size))
  return s.where(s.less(size, 1), near(s, x), negatedWhere(s, s.less(x, 0), far))
}

/** 1 − erf x, without the cancellation. */
export function complementaryErrorFunction(s: ScalarBuilder, x: Scalar): Scalar {
  const size = magnitude(s, x)
  const positive = tail(s, size)
  const far = s.where(s.less(x, 0), s.sub(s.constant(x.dtype, 2), positive), positive)
  return s.where(s.less(size, 0.7), s.sub(s.constant(x.dtype, 1), near(s, x)), far)
}
