import type { IndexData } from '@tensorweft/core'
import { affine, Random } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { ModuleBuilder } from '../assembler/index.ts'
import { boundsOf } from './bounds.ts'
import { indexCode } from './index-code.ts'

/** The index at a point, in plain arithmetic. */
function evaluate({ constant, terms, digits }: IndexData, point: readonly number[]): number {
  let value = constant
  for (const { axis, coefficient } of terms) value += coefficient * (point[axis] ?? 0)
  for (const { of, divisor, modulus, coefficient } of digits) {
    const quotient = Math.floor(evaluate(of, point) / divisor)
    const digit = modulus === 0 ? quotient : quotient - modulus * Math.floor(quotient / modulus)
    value += coefficient * digit
  }
  return value
}

/** A function of two axes that computes an index. */
function compile(data: IndexData, sizes: readonly number[]): (...point: number[]) => number {
  const module = new ModuleBuilder()
  const f = module.define('index', 'i32')
  const axes = [f.parameter('i32'), f.parameter('i32')]
  f.result(indexCode(data, sizes, (axis) => axes[axis]))
  module.export(f)
  const compiled = new WebAssembly.Module(module.finish())
  const run = new WebAssembly.Instance(compiled).exports.index
  if (typeof run !== 'function') throw new Error('no function')
  return (...point) => Number(run(...point))
}

function randomIndex(random: Random, depth: number): IndexData {
  const coefficient = () => random.integer(-6, 6)
  const digits = Array.from({ length: depth === 0 ? 0 : random.integer(0, 2) }, () => ({
    of: randomIndex(random, depth - 1),
    divisor: random.integer(1, 5),
    modulus: random.chance(0.6) ? random.integer(1, 6) : 0,
    coefficient: coefficient(),
  }))
  return affine([coefficient(), coefficient()], random.integer(-9, 9), digits)
}

describe('indexes with digits', () => {
  test('have floor semantics at every point, and stay within their bounds', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed)
      const sizes = [random.integer(1, 9), random.integer(1, 7)]
      const data = randomIndex(random, 2)
      const run = compile(data, sizes)
      const { low, high } = boundsOf(data, sizes)
      for (let i = 0; i < (sizes[0] ?? 0); i++) {
        for (let j = 0; j < (sizes[1] ?? 0); j++) {
          const wanted = evaluate(data, [i, j])
          expect(run(i, j)).toBe(wanted)
          expect(wanted).toBeGreaterThanOrEqual(low)
          expect(wanted).toBeLessThanOrEqual(high)
        }
      }
    }
  })
})
