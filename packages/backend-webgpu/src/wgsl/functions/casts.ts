import { type WgslFunction, wgsl } from './wgsl-function.ts'

/** Floats to integers saturate, NaN gives 0; everything but zeros is a true bool. */
export const casts: Readonly<Record<string, WgslFunction>> = {
  to_i32: wgsl(
    `
fn to_i32(x: f32) -> i32 {
  // The largest float32 below 2^31.
  let value = select(i32(clamp(x, -2147483648.0, 2147483520.0)), 2147483647, x >= 2147483648.0);
  return select(value, 0, is_nan(x));
}`,
    'is_nan',
  ),

  to_byte: wgsl(
    `
fn to_byte(x: f32) -> u32 {
  return select(u32(clamp(x, 0.0, 255.0)), 0u, is_nan(x));
}`,
    'is_nan',
  ),

  from_half: wgsl(`
fn from_half(bits: u32) -> f32 {
  return unpack2x16float(bits).x;
}`),

  // float16 is bits: rounded to the nearest, of two to the even one, which may carry into the exponent.
  to_half: wgsl(`
fn to_half(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let size = bits & 0x7fffffffu;
  let normal = (size + 0xfffu + ((size >> 13u) & 1u) - 0x38000000u) >> 13u;
  let small = u32(round(min(abs(x), 1.0) * 16777216.0));
  let finite = select(normal, small, size < 0x38800000u);
  let special = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
  return ((bits >> 16u) & 0x8000u) | select(finite, special, size >= 0x477ff000u);
}`),

  is_nonzero: wgsl(`
fn is_nonzero(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) != 0u;
}`),
}
