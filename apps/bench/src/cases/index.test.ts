import { describe, expect, test } from 'vitest'
import { BenchError } from '../errors.ts'
import { expandName, findCase } from './index.ts'

describe('findCase', () => {
  test.each([
    ['matmul-512x512x512', 2 * 512 ** 3],
    ['matmul-3x5x7', 2 * 3 * 5 * 7],
    ['mlp-sgd', 81_817_600],
    ['mlp-adam', 81_817_600],
    ['cnn-forward', 495_337_472],
    ['cnn-adam', 1_457_111_040],
    ['dcgan-step', 2_718_334_976],
    ['mlp-sgd-b50', 81_817_600 / 2],
    ['cnn-adam-b16', 1_457_111_040 / 4],
    ['cnn-forward-b1', 495_337_472 / 64],
    ['dcgan-step-b2', 2_718_334_976 / 32],
    ['matmul-f16-3x5x7', 2 * 3 * 5 * 7],
    ['conv-forward-2x7x9x3x5-s2', 2 * 2 * 4 * 5 * 9 * 3 * 5],
    ['conv-by-filters-1x1x1x1x1-s1', 18],
  ])('%s counts %d operations', (name, flops) => {
    expect(findCase(name)).toMatchObject({ name, flops })
  })

  test.each([
    'elementwise',
    'elementwise-math',
    'softmax-rows',
    'layernorm-rows',
    'softmax-3x4',
    'layernorm-3x4',
    'sum-5',
    'copy-5',
    'elementwise-5',
    'op-overhead',
    'compiled-overhead',
    'first-step-mlp',
    'first-step-cnn',
  ])('%s counts none', (name) => {
    expect(findCase(name)).not.toHaveProperty('flops')
  })

  test.each([
    ['softmax-3x4', 2 * 4 * 12],
    ['layernorm-3x4', 2 * 4 * (12 + 4)],
    ['sum-5', 4 * 6],
    ['copy-5', 2 * 4 * 5],
    ['elementwise-5', 2 * 4 * 5],
    ['softmax-rows', 2 * 4 * 4096 * 1000],
  ])('%s moves %d bytes', (name, bytes) => {
    expect(findCase(name)).toMatchObject({ name, bytes })
  })

  test('simd-rate counts its operations', () => {
    expect(findCase('simd-rate').flops).toBeGreaterThan(1e6)
  })

  test.each([
    'matmul',
    'mlp-sgd-b',
    'mlp-sgd-b0',
    'softmax-3',
    'matmul-2x3',
    'matmul-2x3x4x5',
    'matmul-axbxc',
    'mlp',
    'MLP-SGD',
    '',
  ])('refuses %j and lists what exists', (name) => {
    const finding = () => findCase(name)
    expect(finding).toThrow(BenchError)
    expect(finding).toThrow(`Unknown case '${name}'; cases: matmul-[f16-]MxKxN, mlp-sgd[-bB], `)
    expect(finding).toThrow(/ first-step \(first-step-mlp and first-step-cnn\)\.$/)
  })

  test.each([
    'matmul-0x3x4',
    'matmul-3x0x4',
    'matmul-99999x99999x1',
    'sum-0',
    'softmax-99999x99999',
  ])('refuses %s', (name) => {
    expect(() => findCase(name)).toThrow(/every size must be at least 1/)
  })
})

test('expandName gives the cases of a group, and any other name as it is', () => {
  expect(expandName('first-step')).toEqual(['first-step-mlp', 'first-step-cnn'])
  expect(expandName('mlp-sgd')).toEqual(['mlp-sgd'])
})
