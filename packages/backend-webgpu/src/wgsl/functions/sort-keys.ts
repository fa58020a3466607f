import { type WgslFunction, wgsl } from './wgsl-function.ts'

/**
 * Floats as u32 that sort as they do, by their bits: devices may take subnormal numbers for 0 and
 * NaN for anything where they compare floats. Both zeros have one key, NaN has the last one.
 */
export const sortKeys: Readonly<Record<string, WgslFunction>> = {
  ascending_key: wgsl(`
fn ascending_key(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return 0xffffffffu; }
  if (magnitude == 0u) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, bits != magnitude);
}`),

  descending_key: wgsl(
    `
fn descending_key(x: f32) -> u32 {
  let key = ascending_key(x);
  return select(~key, key, key == 0xffffffffu);
}`,
    'ascending_key',
  ),
}
