import { idxBytes } from './idx.testing.ts'

/**
 * The four files of a data set that is learnt in a few steps: images of noisy pixels with a bright bar
 * in the row of their class.
 *
 * @param side Pixels in a row and in a column, at least 10.
 */
export function barFiles(
  trainCount: number,
  testCount: number,
  side = 10,
): Record<string, Uint8Array> {
  return {
    'train-images-idx3-ubyte': barImages(trainCount, side, 1),
    'train-labels-idx1-ubyte': idxBytes([trainCount], labels(trainCount)),
    't10k-images-idx3-ubyte': barImages(testCount, side, 2),
    't10k-labels-idx1-ubyte': idxBytes([testCount], labels(testCount)),
  }
}

const labels = (count: number) => Array.from({ length: count }, (_, image) => image % 10)

function barImages(count: number, side: number, seed: number): Uint8Array {
  const noise = noiseFrom(seed)
  const pixels = Array.from({ length: count * side * side }, (_, pixel) => {
    const image = Math.floor(pixel / (side * side))
    const row = Math.floor(pixel / side) % side
    return row === image % 10 ? 155 + noise() : noise()
  })
  return idxBytes([count, side, side], pixels)
}

/** Integers from 0 to 99, by a linear congruential generator (Park, Miller, 1988). */
function noiseFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state % 100
  }
}
