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
 * the argument to |r| ≤ ½ ln 2 and scale by an exact power of two.
 */
export const exponentials: Readonly<Record<string, WgslFunction>> = {
  // ln 2 in two parts: the products of the first with integers are exact.
  exponential: wgsl(
    `
fn exponential(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let limited = clamp(x, -104.0, 89.0);
  let n = floor(limited * ${Math.fround(Math.LOG2E)} + 0.5);
  let r = (limited - n * 0.693359375) - n * -2.12194440e-4;
  return scale(1.0 + r * (${horner('r', powerSeries(Math.E, 8))}), i32(n));
}`,
    'is_nan',
    'scale',
  ),

  power_of_two: wgsl(
    `
fn power_of_two(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let limited = clamp(x, -151.0, 129.0);
  let n = floor(limited + 0.5);
  let r = limited - n;
  return scale(1.0 + r * (${horner('r', powerSeries(2, 8))}), i32(n));
}`,
    'is_nan',
    'scale',
  ),

  // Near 0 the difference would cancel.
  exponential_minus_one: wgsl(
    `
fn exponential_minus_one(x: f32) -> f32 {
  if (abs(x) < 0.5) { return x * (${horner('x', powerSeries(Math.E, 9))}); }
  return exponential(x) - 1.0;
}`,
    'exponential',
  ),

  // (e^2x − 1) / (e^2x + 1), which has reached ±1 beyond 10.
  hyperbolic_tangent: wgsl(
    `
fn hyperbolic_tangent(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let e = exponential_minus_one(2.0 * clamp(x, -10.0, 10.0));
  return e / (e + 2.0);
}`,
    'is_nan',
    'exponential_minus_one',
  ),
}
