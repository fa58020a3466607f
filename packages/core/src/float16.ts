// float16 is IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction.

/** The number that the bits of a float16 stand for. */
export function float16Value(bits: number): number {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const special = fraction > 0 ? Number.NaN : Number.POSITIVE_INFINITY
  const finite = exponent > 0 ? (fraction + 1024) * 2 ** (exponent - 25) : fraction * 2 ** -24
  return (bits >> 15 ? -1 : 1) * (exponent > 30 ? special : finite)
}

/** The bits of the float16 that is nearest to a number, of two the even one. */
export function float16Bits(value: number): number {
  const size = Math.abs(value)
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  if (Number.isNaN(value)) return 0x7e00
  if (size >= 65_520) return sign | 0x7c00
  const exponent = Math.max(Math.floor(Math.log2(size)), -14)
  const fraction = size / 2 ** (exponent - 10)
  const rounded = fraction + 2 ** 52 - 2 ** 52
  // What is rounded up to the next power of two carries into the exponent.
  return sign + rounded + (exponent + 14) * 1024
}
