/**
 * The first word of Threefry-2x32-20 for two words of key and two of counter, as in the published
 * description: rotations alternate every four rounds, and the key is injected after each four.
 */
export function threefryWord(key: readonly number[], counter: readonly number[]): number {
  const [k0 = 0, k1 = 0] = key
  const schedule = [k0, k1, 0x1bd11bda ^ k0 ^ k1]
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24]
  let x0 = ((counter[0] ?? 0) + k0) | 0
  let x1 = ((counter[1] ?? 0) + k1) | 0
  for (let round = 0; round < 20; round++) {
    const r = rotations[round % 8] ?? 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0
    if (round % 4 === 3) {
      const injection = (round + 1) / 4
      x0 = (x0 + (schedule[injection % 3] ?? 0)) | 0
      x1 = (x1 + (schedule[(injection + 1) % 3] ?? 0) + injection) | 0
    }
  }
  return x0
}
