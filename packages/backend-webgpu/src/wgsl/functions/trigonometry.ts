import { horner } from './exponentials.ts'
import { type WgslFunction, wgsl } from './wgsl-function.ts'

/** Taylor coefficients of (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ in r². */
const sineSeries = [-1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800]
const cosineSeries = [1 / 24, -1 / 720, 1 / 40320, -1 / 3628800]

/** The bits of 2/π after the binary point, behind a word of zeros. */
const twoOverPi =
  '0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u'

/**
 * Sine and cosine to float32's accuracy everywhere; the built-ins are bounded only within ±π, and
 * only absolutely. x = q π/2 + r with |r| ≤ π/4.
 */
export const trigonometry: Readonly<Record<string, WgslFunction>> = {
  multiply_high: wgsl(`
fn multiply_high(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let middle = a1 * b0 + ((a0 * b0) >> 16u);
  let low = a0 * b1 + (middle & 0xffffu);
  return a1 * b1 + (middle >> 16u) + (low >> 16u);
}`),

  // π/2 in four parts, of which the first three give exact products with the quotients in use.
  reduce_small_angle: wgsl(`
fn reduce_small_angle(x: f32) -> vec2<f32> {
  let q = floor(x * ${Math.fround(2 / Math.PI)} + 0.5);
  let r = ((x - q * 1.5703125) - q * 0.00048351287841796875) - q * 3.1385570764541626e-7;
  return vec2<f32>(q, r - q * 6.0771006282767103e-11);
}`),

  // Payne and Hanek: the mantissa times those 96 bits of 2/π that matter modulo 4.
  reduce_large_angle: wgsl(
    `
var<private> two_over_pi: array<u32, 9> = array<u32, 9>(${twoOverPi});

fn bits_of_two_over_pi(word: u32, shift: u32) -> u32 {
  let low = select(0u, two_over_pi[word + 1u] >> (32u - shift), shift > 0u);
  return (two_over_pi[word] << shift) | low;
}

fn reduce_large_angle(x: f32) -> vec2<f32> {
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let first = bits >> 23u;
  let start = first - 120u;
  let word = start >> 5u;
  let shift = start & 31u;
  let w0 = bits_of_two_over_pi(word, shift);
  let w1 = bits_of_two_over_pi(word + 1u, shift);
  let w2 = bits_of_two_over_pi(word + 2u, shift);
  let p2 = mantissa * w2;
  let low = mantissa * w1;
  let p1 = low + multiply_high(mantissa, w2);
  let carry = select(0u, 1u, p1 < low);
  let p0 = mantissa * w0 + multiply_high(mantissa, w1) + carry;
  let fraction = (p0 << 2u) | (p1 >> 30u);
  let is_above = (fraction >> 31u) == 1u;
  let quotient = (p0 >> 30u) + (fraction >> 31u);
  let mask = select(0u, 0xffffffffu, is_above);
  let high = fraction ^ mask;
  let rest = ((p1 << 2u) | (p2 >> 30u)) ^ mask;
  let turn = f32(high) * 2.3283064365386963e-10 + f32(rest) * 5.421010862427522e-20;
  let r = turn * ${Math.fround(Math.PI / 2)};
  let is_negative = (bitcast<u32>(x) >> 31u) == 1u;
  let q = f32(quotient & 3u);
  return vec2<f32>(select(q, -q, is_negative), select(r, -r, is_above != is_negative));
}`,
    'multiply_high',
  ),

  // The sine of x plus a number of quarter turns.
  sine_of_turns: wgsl(
    `
fn sine_of_turns(x: f32, quarters: i32) -> f32 {
  let magnitude = bitcast<u32>(x) & 0x7fffffffu;
  var reduced = reduce_small_angle(x);
  if (magnitude >= 0x447a0000u) { reduced = reduce_large_angle(x); }
  let quadrant = (i32(reduced.x) + quarters) & 3;
  let r = reduced.y;
  let z = r * r;
  let sine = r + r * z * (${horner('z', sineSeries)});
  let cosine = 1.0 - (0.5 * z - z * z * (${horner('z', cosineSeries)}));
  let value = select(sine, cosine, (quadrant & 1) == 1);
  let signed = select(value, -value, quadrant >= 2);
  return select(signed, bitcast<f32>(0x7fc00000u | params.zero), magnitude >= 0x7f800000u);
}`,
    'reduce_small_angle',
    'reduce_large_angle',
  ),

  sine: wgsl(
    `
fn sine(x: f32) -> f32 {
  return sine_of_turns(x, 0);
}`,
    'sine_of_turns',
  ),

  cosine: wgsl(
    `
fn cosine(x: f32) -> f32 {
  return sine_of_turns(x, 1);
}`,
    'sine_of_turns',
  ),
}
