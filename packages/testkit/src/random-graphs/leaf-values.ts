import { type DType, isFloat, type Shape, sizeOf } from '@tensorweft/core'
import { seededRandom } from '../plans/random.ts'
import type { Choices } from './choices.ts'
import type { Leaf } from './program.ts'

type Draw = (random: () => number) => number

/** Ways to draw a float: small integers compute exactly, the others do not. */
const floatDraws: readonly Draw[] = [
  (random) => Math.floor(random() * 7) - 3,
  (random) => Math.round((random() * 4 - 2) * 64) / 64,
  (random) => Math.fround(random() * 4 - 2),
  (random) => Math.fround(0.1 + random() * 4),
]

// Large, but not so that products of a few overflow: their factors may be multiplied in any order.
const specialFloats = [
  0,
  -0,
  1e10,
  -1e10,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
]

/** A leaf with random values; `specials` adds infinities, NaN and what is near them. */
export function randomLeaf(choices: Choices, shape: Shape, dtype: DType, specials: boolean): Leaf {
  const draw = drawFor(choices, dtype)
  const random = seededRandom(choices.below(10_000))
  const values = Array.from({ length: sizeOf(shape) }, () => {
    const isSpecial = specials && isFloat(dtype) && random() < 0.1
    if (!isSpecial) return draw(random)
    return specialFloats[Math.floor(random() * specialFloats.length)] ?? 0
  })
  return { kind: 'leaf', shape, dtype, values }
}

function drawFor(choices: Choices, dtype: DType): Draw {
  switch (dtype) {
    case 'float32':
    case 'float64':
    case 'float16':
      return choices.pick(floatDraws)
    case 'int32':
      return choices.oneIn(4)
        ? (random) => Math.floor(random() * 2 ** 32) - 2 ** 31
        : (random) => Math.floor(random() * 9) - 4
    case 'uint8':
      return (random) => Math.floor(random() * 256)
    case 'bool':
      return (random) => Number(random() < 0.5)
  }
}
