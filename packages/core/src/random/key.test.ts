import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  type Key,
  key,
  randomBits,
  ShapeError,
  setBackend,
  splitKey,
  tensor,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const wordsOf = async (x: Key) => [...(await x.data())]
const bitsOf = (from: Key, n: number, stream?: number) => wordsOf(randomBits(from, [n], stream))

/** How many bits two lists of words have in common, of 1. */
function agreement(a: readonly number[], b: readonly number[]): number {
  const ones = (word: number) => (word >>> 0).toString(2).replaceAll('0', '').length
  const differing = a.reduce((sum, word, i) => sum + ones(word ^ (b[i] ?? 0)), 0)
  return 1 - differing / (32 * a.length)
}

describe('key', () => {
  test('is made of the two words of the seed', async () => {
    expect(await wordsOf(key(0))).toEqual([0, 0])
    expect(await wordsOf(key(42))).toEqual([0, 42])
    expect(await wordsOf(key(2 ** 32 - 1))).toEqual([0, -1])
    expect(await wordsOf(key(2 ** 32 * 3 + 7))).toEqual([3, 7])
    expect(await wordsOf(key(Number.MAX_SAFE_INTEGER))).toEqual([0x1fffff, -1])
  })

  test.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('%d is no seed', (seed) => {
    expect(() => key(seed)).toThrow(ArgumentError)
  })
})

describe('randomBits', () => {
  test('are those of threefry for the key and the position', async () => {
    expect((await bitsOf(key(0), 1)).map((word) => word >>> 0)).toEqual([0x6b200159])
  })

  test('of an element depend on its position only', async () => {
    const all = await bitsOf(key(7), 24)
    expect((await bitsOf(key(7), 5)).slice(0, 5)).toEqual(all.slice(0, 5))
    expect(await wordsOf(randomBits(key(7), [2, 3, 4]))).toEqual(all)
    expect(await wordsOf(randomBits(key(7), [4, 6]).slice([1, 2], [1, 3]).reshape([3]))).toEqual(
      all.slice(8, 11),
    )
  })

  test('differ from key to key and from stream to stream', async () => {
    const lists = await Promise.all([
      bitsOf(key(1), 200),
      bitsOf(key(2), 200),
      bitsOf(key(2 ** 32), 200),
      bitsOf(key(1), 200, 1),
    ])
    for (const [i, a] of lists.entries()) {
      for (const b of lists.slice(i + 1)) expect(Math.abs(agreement(a, b) - 0.5)).toBeLessThan(0.03)
    }
  })

  test('are different words, half of whose bits are ones', async () => {
    const words = await bitsOf(key(3), 4000)
    expect(new Set(words).size).toBeGreaterThan(3995)
    const zeros = new Array<number>(words.length).fill(0)
    expect(Math.abs(agreement(words, zeros) - 0.5)).toBeLessThan(0.005)
  })

  test('want a key', () => {
    expect(() => randomBits(tensor([1, 2, 3], { dtype: 'int32' }), [2])).toThrow(ShapeError)
    expect(() => randomBits(tensor([1, 2, 3], { dtype: 'int32' }), [2])).toThrow(
      'randomBits: a key int32 [3]; wanted int32 [2].\n  Hint: make one with key(seed)',
    )
    expect(() => randomBits(key(1), [-1])).toThrow(ShapeError)
  })
})

describe('splitKey', () => {
  test('gives keys that differ from each other and from the first', async () => {
    const keys = [key(5), ...splitKey(key(5), 6)]
    const lists = await Promise.all(keys.map((k) => bitsOf(k, 200)))
    for (const [i, a] of lists.entries()) {
      for (const b of lists.slice(i + 1)) expect(Math.abs(agreement(a, b) - 0.5)).toBeLessThan(0.03)
    }
  })

  test('gives the same keys again, however many are asked for', async () => {
    const [a, b] = splitKey(key(5))
    const [c, d] = splitKey(key(5), 10)
    const words = await Promise.all(
      [a, b, c, d].flatMap((k) => (k === undefined ? [] : wordsOf(k))),
    )
    expect(words.slice(0, 2)).toEqual(words.slice(2))
    expect(splitKey(key(5))).toHaveLength(2)
  })

  test('gives words that are not the numbers drawn from the key', async () => {
    const drawn = await bitsOf(key(5), 12)
    const words = await Promise.all(splitKey(key(5), 6).map(wordsOf))
    expect(words.flat().filter((word) => drawn.includes(word))).toEqual([])
  })

  test('may be repeated: no two keys of a tree are equal', async () => {
    const tree = splitKey(key(9), 4).flatMap((k) => splitKey(k, 4))
    const words = await Promise.all(tree.map(wordsOf))
    expect(new Set(words.map(String)).size).toBe(16)
  })

  test.each([-1, 0.5])('into %d keys is refused', (count) => {
    expect(() => splitKey(key(1), count)).toThrow(ArgumentError)
  })
})
