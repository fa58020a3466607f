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
  return a < b && !is_nan(a) && !is_nan(b);
}`,
    'is_nan',
  ),

  equal: wgsl(
    `
fn equal(a: f32, b: f32) -> bool {
  return a == b && !is_nan(a) && !is_nan(b);
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
  if (b == 0) { return 0; }
  if (b == -1) { return -a; }
  let quotient = a / b;
  let remainder = a - quotient * b;
  return select(quotient, quotient - 1, remainder != 0 && (remainder < 0) != (b < 0));
}`),

  modulo_i32: wgsl(`
fn modulo_i32(a: i32, b: i32) -> i32 {
  if (b == 0 || b == -1) { return 0; }
  let remainder = a - (a / b) * b;
  return select(remainder, remainder + b, remainder != 0 && (remainder < 0) != (b < 0));
}`),

  divide_u32: wgsl(`
fn divide_u32(a: u32, b: u32) -> u32 {
  if (b == 0u) { return 0u; }
  return a / b;
}`),

  modulo_u32: wgsl(`
fn modulo_u32(a: u32, b: u32) -> u32 {
  if (b == 0u) { return 0u; }
  return a % b;
}`),

  // The remainder of the mantissas, eight binary places at a time, is exact for any quotient.
  modulo_f32: wgsl(
    `
fn modulo_f32(a: f32, b: f32) -> f32 {
  let x = bitcast<u32>(a) & 0x7fffffffu;
  let y = bitcast<u32>(b) & 0x7fffffffu;
  if (x >= 0x7f800000u || y > 0x7f800000u || y == 0u) {
    return bitcast<f32>(0x7fc00000u | params.zero);
  }
  var remainder = a;
  if (x >= y) {
    let x_exponent = max(x >> 23u, 1u);
    let y_exponent = max(y >> 23u, 1u);
    let divisor = select(y & 0x7fffffu, (y & 0x7fffffu) | 0x800000u, y >= 0x800000u);
    var rest = select(x & 0x7fffffu, (x & 0x7fffffu) | 0x800000u, x >= 0x800000u) % divisor;
    var places = x_exponent - y_exponent;
    while (places > 0u) {
      let step = min(places, 8u);
      rest = (rest << step) % divisor;
      places -= step;
    }
    remainder = scale(f32(rest), i32(y_exponent) - 150);
    remainder = select(remainder, -remainder, (bitcast<u32>(a) >> 31u) == 1u);
  }
  if (remainder == 0.0) { return 0.0; }
  return select(remainder, remainder + b, (remainder < 0.0) != ((bitcast<u32>(b) >> 31u) == 1u));
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
