import { type WgslFunction, wgsl } from './wgsl-function.ts'

/**
 * What takes the place of functions of the same name where f16 is a type. Rounded products pass
 * through bits that compilers cannot know, or they would fuse them unrounded into the next sum.
 */
export const halves: Readonly<Record<string, WgslFunction>> = {
  from_half: wgsl(`
fn from_half(x: f16) -> f32 {
  return f32(x);
}`),

  to_half: wgsl(
    `
fn to_half(x: f32) -> f16 {
  return rounded_half(f16(x));
}`,
    'rounded_half',
  ),

  multiply_halves: wgsl(
    `
fn multiply_halves(a: f16, b: f16) -> f16 {
  return rounded_half(a * b);
}`,
    'rounded_half',
  ),

  rounded_half: wgsl(`
fn rounded_half(x: f16) -> f16 {
  return bitcast<vec2<f16>>(bitcast<u32>(vec2<f16>(x)) | params.zero).x;
}`),
}
