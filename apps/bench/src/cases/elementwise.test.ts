import { expect, test } from 'vitest'
import { chainValue } from './elementwise.ts'
import { findCase } from './index.ts'

test('chainValue applies the ops in order', () => {
  const ops = [
    { op: 'add', number: 1 },
    { op: 'square' },
    { op: 'mul', number: 0.5 },
    { op: 'sub', number: 0.5 },
    { op: 'sqrt' },
    { op: 'neg' },
    { op: 'exp' },
  ] as const
  expect(chainValue(2, ops.slice(0, 5))).toBe(2)
  expect(chainValue(2, ops)).toBe(Math.exp(-2))
})

test('chainValue knows every function', () => {
  const apply = (op: 'abs' | 'relu' | 'tanh' | 'sigmoid', x: number) => chainValue(x, [{ op }])
  expect([apply('abs', -2), apply('relu', -2), apply('relu', 3)]).toEqual([2, 0, 3])
  expect(apply('tanh', 0.5)).toBe(Math.tanh(0.5))
  expect(apply('sigmoid', Math.log(3))).toBeCloseTo(0.75, 12)
})

test.each(['elementwise', 'elementwise-math'])('%s has ten ops', (name) => {
  expect(findCase(name).summary.split(', ')).toHaveLength(10)
})
