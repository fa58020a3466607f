import { describe, expect, test } from 'vitest'
import { BenchError } from '../errors.ts'
import { findCase } from './index.ts'

describe('findCase', () => {
  test.each([
    ['matmul-512x512x512', 2 * 512 ** 3],
    ['matmul-3x5x7', 2 * 3 * 5 * 7],
    ['mlp-sgd', 81_817_600],
    ['mlp-adam', 81_817_600],
  ])('%s counts %d operations', (name, flops) => {
    expect(findCase(name)).toMatchObject({ name, flops })
  })

  test('simd-rate counts its operations', () => {
    expect(findCase('simd-rate').flops).toBeGreaterThan(1e6)
  })

  test.each(['matmul', 'matmul-2x3', 'matmul-2x3x4x5', 'matmul-axbxc', 'mlp', 'MLP-SGD', ''])(
    'refuses %j and lists what exists',
    (name) => {
      expect(() => findCase(name)).toThrow(
        new BenchError(
          `Unknown case '${name}'; cases: matmul-MxKxN, mlp-sgd, mlp-adam, simd-rate.`,
        ),
      )
    },
  )

  test.each(['matmul-0x3x4', 'matmul-3x0x4', 'matmul-99999x99999x1'])('refuses %s', (name) => {
    expect(() => findCase(name)).toThrow(/every size must be at least 1/)
  })
})
