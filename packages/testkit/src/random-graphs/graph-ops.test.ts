import { cpu } from '@tensorweft/backend-cpu'
import { tensor, withBackend } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import type { Argument } from './argument.ts'
import { applyGraphOp, type GraphOp } from './graph-ops.ts'

const vectors = [tensor([3, 1]), tensor([2, 5])]

async function valuesOf(op: GraphOp, count: number, ...args: Argument[]): Promise<number[]> {
  const result = applyGraphOp(op, vectors.slice(0, count), args)
  return [...(await withBackend(cpu(), () => result.data()))]
}

describe('ops of graphs', () => {
  test('are called as their functions want', async () => {
    expect(await valuesOf('sub', 2)).toEqual([1, -4])
    expect(await valuesOf('mul', 1, 2)).toEqual([6, 2])
    expect(await valuesOf('concat', 2, 0)).toEqual([3, 1, 2, 5])
    expect(await valuesOf('einsum', 2, 'a,b->')).toEqual([28])
    expect(await valuesOf('rmsNorm', 1, { epsilon: 4 })).toEqual([1, 1 / 3].map(Math.fround))
  })

  test('give one of several results', async () => {
    expect(await valuesOf('topK', 1, 1, 'values')).toEqual([3])
    expect(await valuesOf('split', 1, [1, 1], 0, 1)).toEqual([1])
  })

  test('give tensors', () => {
    expect(() => applyGraphOp('sizeOf', [], [[2]])).toThrow('sizeOf gives no tensor')
  })
})
