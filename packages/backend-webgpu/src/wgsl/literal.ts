import { castNumber, type DType, float16Bits } from '@tensorweft/core'
import { valueDType } from './value-type.ts'

/**
 * A constant of a dtype as WGSL. Infinities and NaN are no constants in WGSL, and compilers may
 * assume that they do not occur: they come out of bits that a uniform hides from the compiler.
 */
export function literal(value: number, dtype: DType): string {
  const rounded = castNumber(value, dtype)
  switch (valueDType(dtype)) {
    case 'float32':
      return floatLiteral(rounded)
    case 'int32':
      // `-2147483648i` is the negation of a number that does not fit.
      return rounded === -(2 ** 31) ? 'i32(-2147483648)' : `${rounded}i`
    case 'float16':
      return `${float16Bits(rounded)}u`
    case 'uint8':
      return `${rounded}u`
    case 'bool':
      return rounded === 0 ? 'false' : 'true'
  }
}

const smallestNormal = 2 ** -126

function floatLiteral(value: number): string {
  // A known zero would let compilers take 0 · x and 0 / x for 0, whatever x is.
  const isPlain = Number.isFinite(value) && Math.abs(value) >= smallestNormal
  return isPlain ? `${value}f` : `bitcast<f32>(${bits(value)} | params.zero)`
}

function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return `0x${view.getUint32(0).toString(16)}u`
}
