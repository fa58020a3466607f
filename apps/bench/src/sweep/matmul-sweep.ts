import { alignedSizes, withAligned } from './aligned.ts'
import type { Sweep } from './sweep.ts'

const small = Array.from({ length: 70 }, (_, i) => i + 1)
const primes = [
  ...[71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167],
  ...[173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239, 241, 251],
]
const around256 = [255, 256, 257]
/** The sizes that do not vary. */
const wide = 512

/** The varied size takes the place of all three sizes, then of one while the others are wide. */
const forms = [
  (size: number) => `matmul-${size}x${size}x${size}`,
  (size: number) => `matmul-${size}x${wide}x${wide}`,
  (size: number) => `matmul-${wide}x${size}x${wide}`,
  (size: number) => `matmul-${wide}x${wide}x${size}`,
]

export const matmulSweep: Sweep = {
  name: 'matmul-sweep',
  summary: `products of sizes 1 to 70, primes, and 255 to 257: all three alike, or one with two of ${wide}`,
  shapes: forms.flatMap((nameOf) =>
    withAligned([...small, ...primes, ...around256]).map((size) => ({
      case: nameOf(size),
      neighbours: alignedSizes(size).map(nameOf),
    })),
  ),
}
