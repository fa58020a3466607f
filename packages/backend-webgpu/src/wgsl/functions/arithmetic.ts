import { type WgslFunction, wgsl } from './wgsl-function.ts'

/**
 * What WGSL leaves open or does differently: compilers may assume that NaN does not occur, so NaN
 * is told by its bits; integer division rounds down and is defined for 0.
 */
export const arithmetic: Readonly<Record<string, WgslFunction>> = {
  is_nan: wgsl(`
fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}`),

  less: wgsl(
    `
fn less(a: f32, b: f32) -> bool {
  return (a < b) & !(is_nan(a) | is_nan(b));
}`,
    'is_nan',
  ),

  equal: wgsl(
    `
fn equal(a: f32, b: f32) -> bool {
  return (a == b) & !(is_nan(a) | is_nan(b));
}`,
    'is_nan',
  ),

  maximum: wgsl(
    `
fn maximum(a: f32, b: f32) -> f32 {
  return select(select(max(a, b), b, is_nan(b)), a, is_nan(a));
}`,
    'is_nan',
  ),

  minimum: wgsl(
    `
fn minimum(a: f32, b: f32) -> f32 {
  return select(select(min(a, b), b, is_nan(b)), a, is_nan(a));
}`,
    'is_nan',
  ),

  square_root: wgsl(`
fn square_root(x: f32) -> f32 {
  return select(sqrt(x), bitcast<f32>(0x7fc00000u | params.zero), x < 0.0);
}`),

  divide_i32: wgsl(`
fn divide_i32(a: i32, b: i32) -> i32 {
  let divisor = select(b, 1, (b == 0) | (b == -1));
  let quotient = a / divisor;
  let remainder = a - quotient * divisor;
  let is_above = (remainder != 0) & ((remainder < 0) != (divisor < 0));
  let rounded = select(quotient, quotient - 1, is_above);
  return select(select(rounded, -a, b == -1), 0, b == 0);
}`),

  modulo_i32: wgsl(`
fn modulo_i32(a: i32, b: i32) -> i32 {
  let divisor = select(b, 1, (b == 0) | (b == -1));
  let remainder = a - (a / divisor) * divisor;
  let is_other = (remainder != 0) & ((remainder < 0) != (divisor < 0));
  return select(remainder, remainder + divisor, is_other);
}`),

  divide_u32: wgsl(`
fn divide_u32(a: u32, b: u32) -> u32 {
  return select(a / max(b, 1u), 0u, b == 0u);
}`),

  modulo_u32: wgsl(`
fn modulo_u32(a: u32, b: u32) -> u32 {
  return select(a % max(b, 1u), 0u, b == 0u);
}`),

  // The remainder of the mantissas, eight binary places at a time, is exact for any quotient.
  modulo_f32: wgsl(
    `
fn modulo_f32(a: f32, b: f32) -> f32 {
  let x = bitcast<u32>(a) & 0x7fffffffu;
  let y = bitcast<u32>(b) & 0x7fffffffu;
  let has_value = (x < 0x7f800000u) & (y <= 0x7f800000u) & (y != 0u);
  let x_mantissa = select(x & 0x7fffffu, (x & 0x7fffffu) | 0x800000u, x >= 0x800000u);
  let y_mantissa = select(y & 0x7fffffu, (y & 0x7fffffu) | 0x800000u, y >= 0x800000u);
  let y_exponent = max(y >> 23u, 1u);
  let is_large = has_value & (x >= y);
  let divisor = select(1u, y_mantissa, is_large);
  var places = select(0u, max(x >> 23u, 1u) - y_exponent, is_large);
  var rest = x_mantissa % divisor;
  while (places > 0u) {
    let step = min(places, 8u);
    rest = (rest << step) % divisor;
    places -= step;
  }
  let magnitude = select(bitcast<f32>(x), scale(f32(rest), i32(y_exponent) - 150), is_large);
  let is_negative = (bitcast<u32>(a) >> 31u) == 1u;
  let remainder = select(magnitude, -magnitude, is_negative);
  let is_other = is_negative != ((bitcast<u32>(b) >> 31u) == 1u);
  let value = select(select(remainder, remainder + b, is_other), 0.0, magnitude == 0.0);
  return select(bitcast<f32>(0x7fc00000u | params.zero), value, has_value);
}`,
    'scale',
  ),

  // 2^n in two factors: n may lie beyond the exponents that one float can hold.
  scale: wgsl(`
fn scale(x: f32, n: i32) -> f32 {
  let half = n >> 1u;
  let low = bitcast<f32>(u32(half + 127) << 23u);
  let high = bitcast<f32>(u32(n - half + 127) << 23u);
  return x * low * high;
}`),
}
