import { tensor } from '../creation/tensor.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { flatten } from '../index-algebra/index.ts'
import { checkIntegers } from '../ops/check-numbers.ts'
import { checkTensor } from '../ops/check-tensor.ts'
import { defineOp } from '../ops/define-op.ts'
import { reshape } from '../ops/reshape.ts'
import { slice } from '../ops/slice.ts'
import { checkShape, formatShape, type Shape } from '../shape.ts'
import { threefry } from './threefry.ts'

/** Where randomness comes from: two words, int32 [2]. The same key gives the same numbers. */
export type Key = Tensor<'int32'>

/**
 * The key for a seed.
 *
 * @throws ArgumentError unless the seed is an integer from 0 to 2^53 − 1.
 * @example
 * ```ts
 * import { key, randomNormal } from '@tensorweft/core'
 *
 * const noise = randomNormal(key(42), [64, 100])
 * ```
 */
export function key(seed: number): Key {
  checkIntegers('key', 'seed', seed, 'an integer from 0 to 2^53 − 1')
  return tensor([Math.floor(seed / 2 ** 32) | 0, seed | 0], { dtype: 'int32' })
}

const randomBitsOp = defineOp<'key', { shape: Shape; stream: number }>({
  name: 'randomBits',
  infer: (_, { shape }) => ({ shape, dtype: 'int32' }),
  lower: ({ key: words }, { at, shape, scalar, space, attributes }) => {
    const word = (position: number) => words.at(space.constant(position))
    const counter = scalar.index(flatten(at, shape, space))
    const stream = scalar.constant('int32', attributes.stream)
    return threefry(scalar, [word(0), word(1)], [counter, stream])[0]
  },
})

/**
 * 32 random bits per element, int32. Element i depends on the key, on i and on `stream` alone, so
 * that every backend and every order of evaluation gives the same bits.
 */
export function randomBits(from: Key, shape: Shape, stream = 0): Tensor<'int32'> {
  return bitsFor('randomBits', from, shape, stream)
}

/** Random bits for the op that a program calls. */
export function bitsFor(op: string, from: Key, shape: Shape, stream = 0): Tensor<'int32'> {
  checkKey(op, from)
  checkShape(op, shape)
  return randomBitsOp.apply({ key: from }, { shape: [...shape], stream })
}

/**
 * Independent keys made from one, which should not be used itself afterwards.
 *
 * @example
 * ```ts
 * import { key, splitKey } from '@tensorweft/core'
 *
 * const [forWeights, forDropout] = splitKey(key(1), 2)
 * ```
 */
export function splitKey(from: Key, count = 2): Key[] {
  checkIntegers('splitKey', 'count', count, 'a non-negative integer')
  const words = bitsFor('splitKey', from, [count, 2], splitStream)
  return Array.from({ length: count }, (_, i) => reshape(slice(words, [i, 0], [1, 2]), [2]))
}

// Bits for new keys come from a stream of their own, so that they differ from numbers drawn.
const splitStream = 0x5eed

function checkKey(op: string, from: Key): void {
  const hint = 'make one with key(seed)'
  checkTensor(op, 'key', from, hint)
  if (from.dtype === 'int32' && from.rank === 1 && from.size === 2) return
  throw new ShapeError(op, {
    got: `a key ${from.dtype} ${formatShape(from.shape)}`,
    wanted: 'int32 [2]',
    hint,
  })
}
