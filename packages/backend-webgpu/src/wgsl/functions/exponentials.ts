import { type WgslFunction, wgsl } from './wgsl-function.ts'

/** Taylor coefficients of base^r, from the linear one on: ln(base)^k / k!. */
function powerSeries(base: number, count: number): number[] {
  let coefficient = 1
  return Array.from({ length: count }, (_, k) => {
    coefficient *= Math.log(base) / (k + 1)
    return coefficient
  })
}

/** `c0 + r (c1 + r (c2 + …))` */
export function horner(variable: string, coefficients: readonly number[]): string {
  const [first = 0, ...rest] = coefficients
  const constant = `${Math.fround(first)}f`
  return rest.length === 0 ? constant : `${constant} + ${variable} * (${horner(variable, rest)})`
}

/**
 * The exponential family. The built-in `exp2` and `exp` may be off by 3 + 2|x| ulp; these reduce
 * the argument to |r| ≤ ½ ln 2 and scale by an exact power of two. NaN may get lost on the way and
 * is put back in the end.
 */
export const exponentials: Readonly<Record<string, WgslFunction>> = {
  // n and e^r − 1 for x = n ln 2 + r. ln 2 is in two parts: the products of the first with
  // integers are exact.
  split_exponential: wgsl(`
fn split_exponential(x: f32) -> vec2<f32> {
  let limited = clamp(x, -104.0, 89.0);
  let n = floor(limited * ${Math.fround(Math.LOG2E)} + 0.5);
  let r = (limited - n * 0.693359375) - n * -2.12194440e-4;
  return vec2<f32>(n, r * (${horner('r', powerSeries(Math.E, 8))}));
}`),

  exponential: wgsl(
    `
fn exponential(x: f32) -> f32 {
  let parts = split_exponential(x);
  return select(scale(1.0 + parts.y, i32(parts.x)), x, is_nan(x));
}`,
    'is_nan',
    'scale',
    'split_exponential',
  ),

  power_of_two: wgsl(
    `
fn power_of_two(x: f32) -> f32 {
  let limited = clamp(x, -151.0, 129.0);
  let n = floor(limited + 0.5);
  let r = limited - n;
  let value = scale(1.0 + r * (${horner('r', powerSeries(2, 8))}), i32(n));
  return select(value, x, is_nan(x));
}`,
    'is_nan',
    'scale',
  ),

  // 2^n (e^r − 1) + (2^n − 1), in which nothing cancels; far out the 1 does not matter.
  exponential_minus_one: wgsl(
    `
fn exponential_minus_one(x: f32) -> f32 {
  let parts = split_exponential(x);
  let n = i32(parts.x);
  let near = min(n, 64);
  let value = scale(parts.y, near) + (scale(1.0, near) - 1.0);
  return select(select(value, scale(1.0 + parts.y, n), n > 64), x, is_nan(x));
}`,
    'is_nan',
    'scale',
    'split_exponential',
  ),

  // (e^2x − 1) / (e^2x + 1), which has reached ±1 beyond 10.
  hyperbolic_tangent: wgsl(
    `
fn hyperbolic_tangent(x: f32) -> f32 {
  let e = exponential_minus_one(2.0 * clamp(x, -10.0, 10.0));
  return select(e / (e + 2.0), x, is_nan(x));
}`,
    'is_nan',
    'exponential_minus_one',
  ),
}
