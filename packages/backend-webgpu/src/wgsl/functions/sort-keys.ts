import { type WgslFunction, wgsl } from './wgsl-function.ts'

/**
 * Floats as u32 that sort as they do, by their bits: devices may take subnormal numbers for 0 and
 * NaN for anything where they compare floats. Both zeros have one key, NaN has the last one; the
 * others are in descending order where all bits of `flip` are 1.
 */
export const sortKeys: Readonly<Record<string, WgslFunction>> = {
  sort_key: wgsl(`
fn sort_key(x: f32, flip: u32) -> u32 {
  let bits = bitcast<u32>(x);
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return 0xffffffffu; }
  let key = select(bits | 0x80000000u, ~bits, bits != magnitude);
  return flip ^ select(key, 0x80000000u, magnitude == 0u);
}`),
}
