import { expect, test } from 'vitest'
import { castNumber, dtypes } from '../dtype.ts'
import { type Combiner, identityOf } from './combiner.ts'

const combine: Readonly<Record<Combiner, (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: Math.max,
  min: Math.min,
}

test('the identity of a combiner changes nothing, and the dtype holds it', () => {
  for (const dtype of dtypes) {
    for (const [name, apply] of Object.entries(combine)) {
      const identity = identityOf(name as Combiner, dtype)
      expect(castNumber(identity, dtype)).toBe(identity)
      for (const value of [0, 1, 200, -300]) {
        const held = castNumber(value, dtype)
        expect(apply(identity, held)).toBe(held)
      }
    }
  }
})
