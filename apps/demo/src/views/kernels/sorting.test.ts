import { expect, test } from 'vitest'
import type { KernelReport } from '../../worker/kernels/measurement.ts'
import { resorted, sorted } from './sorting.ts'

const kernel = (number: number, elapsedMs: number, operations?: number): KernelReport => ({
  ...{ number, label: 'add', kind: 'map', shape: '[1]', elapsedMs, byteLength: 1, operations },
})
const kernels = [kernel(1, 5), kernel(2, 7, 100), kernel(3, 5, 2)]

test('kernels come in the order of a column, those that are alike as they run', () => {
  const numbers = (...sorting: Parameters<typeof sorted>) =>
    sorted(...sorting).map(({ number }) => number)
  expect(numbers(kernels, { by: 'elapsedMs', descending: true })).toEqual([2, 1, 3])
  expect(numbers(kernels, { by: 'elapsedMs', descending: false })).toEqual([1, 3, 2])
  expect(numbers(kernels, { by: 'operations', descending: true })).toEqual([2, 3, 1])
})

test('a column begins with the largest, its second click turns it round', () => {
  const byTime = resorted({ by: 'number', descending: false }, 'elapsedMs')
  expect(byTime).toEqual({ by: 'elapsedMs', descending: true })
  expect(resorted(byTime, 'elapsedMs')).toEqual({ by: 'elapsedMs', descending: false })
  expect(resorted(byTime, 'number')).toEqual({ by: 'number', descending: false })
})
