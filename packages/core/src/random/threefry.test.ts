import { describe, expect, test } from 'vitest'
import { ScalarBuilder } from '../scalar/builder.ts'
import { scalarFunction } from '../scalar/evaluate.testing.ts'
import { threefry } from './threefry.ts'

/** Both words of noise for words given at run time. */
function noise(key: readonly [number, number], counter: readonly [number, number]): string[] {
  const scalar = new ScalarBuilder([])
  const word = (i: number) => scalar.argument('int32', i)
  const results = threefry(scalar, [word(0), word(1)], [word(2), word(3)])
  const words = [...key, ...counter].map((value) => value | 0)
  return results.map((result) => (scalarFunction(result)(...words) >>> 0).toString(16))
}

describe('threefry', () => {
  // Known answers that come with Random123, the authors' library (threefry2x32, 20 rounds).
  test.each<[[number, number], [number, number], string[]]>([
    [
      [0, 0],
      [0, 0],
      ['6b200159', '99ba4efe'],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      ['1cb996fc', 'bb002be7'],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      ['c4923a9c', '483df7a0'],
    ],
  ])('of key %j and counter %j is %j', (key, counter, expected) => {
    expect(noise(key, counter)).toEqual(expected)
  })
})
