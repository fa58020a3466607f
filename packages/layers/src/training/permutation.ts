import { type Key, key, randomBits, splitKey, tensor } from '@tensorweft/core'

/** The two words of a key, as they are kept in a file. */
export type KeyWords = readonly [number, number]

/**
 * The key for the order of an epoch, which counts from 1: one of its own for each, as `permutation`
 * takes it.
 */
export async function orderOfEpoch(from: Key, epoch: number): Promise<KeyWords> {
  // What the key itself gives is another's: a seed may serve for weights as well.
  const [own] = splitKey(from, 1)
  const [high = 0, low = 0] = (await own?.data()) ?? []
  own?.dispose()
  return [(high + epoch) | 0, low]
}

/**
 * The numbers below `count` in random order, the same for the same key (Fisher and Yates).
 *
 * @example
 * ```ts
 * const order = await permutation(await orderOfEpoch(key(7), 1), 60_000)
 * console.log(order.length) // 60000
 * ```
 */
export async function permutation(words: KeyWords, count: number): Promise<Uint32Array> {
  const from = tensor(words, { dtype: 'int32' })
  const bits = randomBits(from, [count])
  const random = await bits.data()
  for (const read of [bits, from]) read.dispose()
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let last = count - 1; last > 0; last--) {
    const unit = ((random[last] ?? 0) >>> 0) / 2 ** 32
    const other = Math.floor(unit * (last + 1))
    const sample = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = sample
  }
  return order
}

/** The key of a seed, or the one of the trainer. */
export function orderKey(seed: number | undefined, own: Key): Key {
  return seed === undefined ? own : key(seed)
}
