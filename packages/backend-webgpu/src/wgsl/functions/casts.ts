import { type WgslFunction, wgsl } from './wgsl-function.ts'

/** Floats to integers saturate, NaN gives 0; everything but zeros is a true bool. */
export const casts: Readonly<Record<string, WgslFunction>> = {
  to_i32: wgsl(
    `
fn to_i32(x: f32) -> i32 {
  if (is_nan(x)) { return 0; }
  if (x >= 2147483648.0) { return 2147483647; }
  if (x <= -2147483648.0) { return i32(-2147483648); }
  return i32(x);
}`,
    'is_nan',
  ),

  to_byte: wgsl(
    `
fn to_byte(x: f32) -> u32 {
  if (is_nan(x)) { return 0u; }
  return u32(clamp(x, 0.0, 255.0));
}`,
    'is_nan',
  ),

  is_nonzero: wgsl(`
fn is_nonzero(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) != 0u;
}`),
}
