import { expect, test } from 'vitest'
import type { MatmulProblem } from '../problems/matmul.ts'
import { fakeSubject } from '../subject.testing.ts'
import type { Subject, Work } from '../subject.ts'
import { matmulFamily } from './matmul.ts'

/** A subject that computes the product by plain loops and lets `spoil` change it. */
function plainSubject(spoil: (product: Float32Array) => Float32Array): Subject {
  return fakeSubject({ matmul: async (problem) => plainWork(problem, spoil) })
}

function plainWork(
  { rows, inner, columns, a, b }: MatmulProblem,
  spoil: (product: Float32Array) => Float32Array,
): Work {
  const product = Float32Array.from({ length: rows * columns }, (_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns]
    let sum = 0
    for (let k = 0; k < inner; k++) {
      sum += (a[row * inner + k] ?? 0) * (b[k * columns + column] ?? 0)
    }
    return sum
  })
  return { step: async () => {}, result: async () => spoil(product), dispose: async () => {} }
}

async function resultAndExpected(spoil: (product: Float32Array) => Float32Array) {
  const benchCase = matmulFamily.parse('matmul-5x3x4')
  const prepared = await benchCase?.prepare([plainSubject(spoil)])
  const result = await prepared?.contenders[0]?.result()
  return { result: Array.from(result ?? []), expected: prepared?.expected ?? [] }
}

test('a right product equals the reference at every sampled place', async () => {
  const { result, expected } = await resultAndExpected((product) => product)
  expect(result.length).toBeGreaterThan(20)
  expect(result.map(Math.fround)).toEqual(expected.map(Math.fround))
})

test('a wrong corner differs from the reference', async () => {
  const { result, expected } = await resultAndExpected((product) => product.with(19, 100))
  expect(result).toContain(100)
  expect(expected).not.toContain(100)
})

test('a product of the wrong size yields nothing to compare', async () => {
  const { result } = await resultAndExpected((product) => product.subarray(1))
  expect(result).toEqual([])
})

test('operands of float16 are numbers that it has', async () => {
  const operands: Float32Array[] = []
  const subject = fakeSubject({
    async matmul({ dtype, a, b }) {
      expect(dtype).toBe('float16')
      operands.push(a, b)
      return { unsupported: 'has no float16' }
    },
  })
  const prepared = await matmulFamily.parse('matmul-f16-5x30x4')?.prepare([subject])
  expect(prepared?.absentees).toEqual([{ subject: 'fake', reason: 'has no float16' }])
  for (const value of operands.flatMap((values) => [...values])) {
    expect(Math.abs(value)).toBeLessThanOrEqual(1)
    expect(Number.isInteger(value * 1024)).toBe(true)
  }
  expect(operands.map(({ length }) => length)).toEqual([150, 120])
})
