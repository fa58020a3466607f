import type { Arithmetic } from './arithmetic.ts'
import type { Scalar } from './scalar.ts'

/** `x = 2^exponent · mantissa` with the mantissa in [√½, √2). */
interface SplitFloat {
  readonly exponent: Scalar
  readonly mantissa: Scalar
}

/** The parts of a positive float32, by its bits. Subnormal ones are scaled up by 2^24 first. */
export function splitExponent(s: Arithmetic, x: Scalar): SplitFloat {
  const tiny = s.less(x, 2 ** -126)
  const scaled = s.where(tiny, s.mul(x, 2 ** 24), x)
  const sqrtHalfBits = 0x3f3504f3
  const bits = s.sub(s.bitcast(scaled, 'int32'), sqrtHalfBits)
  const exponent = s.idiv(bits, 1 << 23)
  const mantissa = s.bitcast(s.add(s.sub(bits, s.shl(exponent, 23)), sqrtHalfBits), 'float32')
  const correction = s.where(tiny, s.constant(x.dtype, 24), 0)
  return { exponent: s.sub(s.cast(exponent, x.dtype), correction), mantissa }
}
