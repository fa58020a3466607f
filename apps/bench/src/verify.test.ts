import { describe, expect, test } from 'vitest'
import { BenchError } from './errors.ts'
import { verify } from './verify.ts'

const tolerance = { relative: 0.01, absolute: 0.1 }

describe('verify', () => {
  test('accepts what lies within the tolerance', () => {
    verify('mlp-sgd, x', [100.9, -0.09], [100, 0], tolerance)
  })

  test.each([
    ['a difference beyond it', [101.2]],
    ['NaN', [Number.NaN]],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a number too many', [100, 100]],
    ['nothing', []],
  ])('refuses %s', (_, got) => {
    expect(() => verify('mlp-sgd, x', got, [100], tolerance)).toThrow(BenchError)
  })

  test('names the place and both numbers', () => {
    expect(() => verify('mlp-sgd, tfjs-cpu', [1, 5], [1, 2], tolerance)).toThrow(
      /^mlp-sgd, tfjs-cpu: computed 5 at 1, the reference has 2 \(allowed difference 0\.12\)/,
    )
  })
})
