import type { ScalarBuilder } from '../scalar/builder.ts'
import type { Scalar } from '../scalar/scalar.ts'

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const
const parity = 0x1bd11bda

/**
 * Threefry-2x32 with 20 rounds: two words of noise for a key of two words and a counter of two.
 * Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 4.
 */
export function threefry(
  s: ScalarBuilder,
  key: readonly [Scalar, Scalar],
  counter: readonly [Scalar, Scalar],
): [Scalar, Scalar] {
  const keys = [key[0], key[1], s.xor(s.xor(key[0], key[1]), parity)] as const
  let x = s.add(counter[0], keys[0])
  let y = s.add(counter[1], keys[1])
  for (let group = 0; group < 5; group++) {
    for (const bits of rotations[group % 2 === 0 ? 0 : 1]) {
      x = s.add(x, y)
      y = s.xor(rotateLeft(s, y, bits), x)
    }
    const injected = group + 1
    x = s.add(x, keys[(injected % 3) as 0 | 1 | 2])
    y = s.add(s.add(y, keys[((injected + 1) % 3) as 0 | 1 | 2]), injected)
  }
  return [x, y]
}

function rotateLeft(s: ScalarBuilder, x: Scalar, bits: number): Scalar {
  return s.or(s.shl(x, bits), s.shr(x, 32 - bits))
}
