import type { Combiner, Program, Stage, Store } from '@tensorweft/core'
import { affine, apply, load } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { RowMaxima } from './row-maxima.ts'
import { ValueNumbers } from './value-numbers.ts'

/** Operands 0 and 1 have memory of their own, 2 shares that of 0, and 3 is for kept values. */
const slots = [5, 6, 5, -1]
const keptOperand = 3

const rowMaxima = () => new RowMaxima(new ValueNumbers((operand) => slots[operand], keptOperand))

const x = load('float32', 0, affine([1]))
const twice = (operand = 0): Program => [
  load('float32', operand, affine([1])),
  apply('float32', 'add', 0, 0),
]

function stage(program: Program, combiner?: Combiner, stores: readonly Store[] = []): Stage {
  const value = program.length - 1
  const reductions = combiner === undefined ? [] : [{ combiner, value, dtype: 'float32' as const }]
  return { over: 'all', program, reductions, stores }
}

test('the largest of a value is known where the value is computed again', () => {
  const maxima = rowMaxima()
  maxima.next(stage(twice(), 'max'))
  const isMaximum = maxima.next(stage([...twice(), apply('float32', 'add', 1, 0)]))
  expect(isMaximum(0, 1)).toBe(true)
  expect(isMaximum(0, 0)).toBe(false)
  expect(isMaximum(0, 2)).toBe(false)
  expect(isMaximum(1, 1)).toBe(false)
})

test('reductions are numbered through all stages', () => {
  const maxima = rowMaxima()
  maxima.next(stage([x], 'sum'))
  maxima.next(stage(twice(), 'max'))
  const isMaximum = maxima.next(stage(twice()))
  expect([isMaximum(0, 0), isMaximum(0, 1), isMaximum(1, 0)]).toEqual([false, false, false])
  expect(isMaximum(1, 1)).toBe(true)
})

test('a stage does not know its own reductions', () => {
  const isMaximum = rowMaxima().next(stage([x], 'max'))
  expect(isMaximum(0, 0)).toBe(false)
})

test('other elements, other memory and other combiners are something else', () => {
  const maxima = rowMaxima()
  maxima.next(stage([x], 'max'))
  const backwards = load('float32', 0, affine([-1], 9))
  const others = maxima.next(
    stage([backwards, load('float32', 1, affine([1])), load('float32', 0, affine([2]))]),
  )
  expect([0, 1, 2].map((step) => others(0, step))).toEqual([false, false, false])
  const minima = rowMaxima()
  minima.next(stage([x], 'min'))
  expect(minima.next(stage([x]))(0, 0)).toBe(false)
})

test('what is read from memory that was written is new, what was kept is not', () => {
  const maxima = rowMaxima()
  const place = affine([1])
  const kept: Store = { value: 1, operand: keptOperand, index: place }
  maxima.next(stage(twice(), 'max', [kept]))
  const again = load('float32', keptOperand, affine([1]))
  const other = load('float32', keptOperand, affine([1], 100))
  const isKept = maxima.next(
    stage([again, other], undefined, [{ value: 0, operand: 2, index: place }]),
  )
  expect([isKept(0, 0), isKept(0, 1)]).toEqual([true, false])
  // The stage before has written over what operand 0 had.
  expect(maxima.next(stage(twice()))(0, 1)).toBe(false)
})
