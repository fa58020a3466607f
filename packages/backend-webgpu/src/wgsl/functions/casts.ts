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

  is_nonzero: wgsl(`
fn is_nonzero(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) != 0u;
}`),
}
