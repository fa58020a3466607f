import { horner } from './exponentials.ts'
import { type WgslFunction, wgsl } from './wgsl-function.ts'

/** log((1 + u) / (1 − u)) = 2u + u³ (2/3 + 2/5 u² + …) */
const artanhSeries = [2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13]

/**
 * Logarithms: x = 2^n m with m in [√½, √2), and log m as an odd series in (m − 1) / (m + 1).
 * Subnormal arguments are scaled up by 2^24 first.
 */
export const logarithms: Readonly<Record<string, WgslFunction>> = {
  artanh_series: wgsl(`
fn artanh_series(u: f32) -> f32 {
  let z = u * u;
  return 2.0 * u + u * z * (${horner('z', artanhSeries)});
}`),

  // n and (m − 1) / (m + 1).
  split_logarithm: wgsl(`
fn split_logarithm(x: f32) -> vec2<f32> {
  let is_tiny = x < 1.1754943508222875e-38;
  let scaled = select(x, x * 16777216.0, is_tiny);
  let bits = bitcast<i32>(scaled) - 0x3f3504f3;
  let exponent = bits >> 23u;
  let m = bitcast<f32>(bits - (exponent << 23u) + 0x3f3504f3) - 1.0;
  return vec2<f32>(f32(select(exponent, exponent - 24, is_tiny)), m / (m + 2.0));
}`),

  // log 0 = −∞, log ∞ = ∞, NaN for negative numbers and NaN.
  logarithm_edges: wgsl(`
fn logarithm_edges(x: f32, value: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let finite = select(value, x, bits == 0x7f800000u);
  let positive = select(finite, bitcast<f32>(0x7fc00000u | params.zero), bits > 0x7f800000u);
  let is_zero = (bits & 0x7fffffffu) == 0u;
  return select(positive, bitcast<f32>(0xff800000u | params.zero), is_zero);
}`),

  logarithm: wgsl(
    `
fn logarithm(x: f32) -> f32 {
  return logarithm_edges(x, join_logarithm(split_logarithm(x)));
}`,
    'split_logarithm',
    'join_logarithm',
    'logarithm_edges',
  ),

  // ln 2 is in two parts: the products of the first with integers are exact.
  join_logarithm: wgsl(
    `
fn join_logarithm(parts: vec2<f32>) -> f32 {
  let low = artanh_series(parts.y) + parts.x * -2.12194440e-4;
  return parts.x * 0.693359375 + low;
}`,
    'artanh_series',
  ),

  binary_logarithm: wgsl(
    `
fn binary_logarithm(x: f32) -> f32 {
  let parts = split_logarithm(x);
  let value = parts.x + artanh_series(parts.y) * ${Math.fround(Math.LOG2E)};
  return logarithm_edges(x, value);
}`,
    'split_logarithm',
    'artanh_series',
    'logarithm_edges',
  ),

  // Near 0 the series takes x itself: 1 + x would lose its last bits.
  logarithm_plus_one: wgsl(
    `
fn logarithm_plus_one(x: f32) -> f32 {
  let is_near = (x > -0.29) & (x < 0.41);
  let near = vec2<f32>(0.0, x / (x + 2.0));
  let value = join_logarithm(select(split_logarithm(1.0 + x), near, is_near));
  let is_tiny = abs(x) < 1e-8;
  return select(logarithm_edges(1.0 + x, value), x, is_tiny);
}`,
    'split_logarithm',
    'join_logarithm',
    'logarithm_edges',
  ),
}
