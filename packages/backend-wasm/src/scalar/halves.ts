const lowHalf = [0, 1, 2, 3, 4, 5, 6, 7]

/** Shuffles of one vector: its halves exchanged. */
export const swapHalves: readonly number[] = [8, 9, 10, 11, 12, 13, 14, 15, ...lowHalf]

/** Shuffles of two vectors: the low half of the first, then the low half of the second. */
export const joinHalves: readonly number[] = [...lowHalf, 16, 17, 18, 19, 20, 21, 22, 23]

/** Shuffles of two vectors by lanes of 32 bits: 0 to 3 of the first, 4 to 7 of the second. */
export function lanes(...numbers: readonly number[]): number[] {
  return numbers.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte))
}
