import { describe, expect, test } from 'vitest'
import type { GraphProgram, Leaf } from './program.ts'
import { shrinkProgram } from './shrink.ts'

const vector: Leaf = { kind: 'leaf', shape: [2], dtype: 'float32', values: [0.7, -3] }
const places: Leaf = { kind: 'leaf', shape: [3], dtype: 'int32', values: [1, 1, 0], below: 2 }

describe('a program that fails', () => {
  test('keeps positions inside of their axis', async () => {
    const gathered: GraphProgram = {
      nodes: [
        vector,
        { kind: 'op', op: 'exp', inputs: [0], args: [], shape: [2], dtype: 'float32' },
        places,
        { kind: 'op', op: 'gather', inputs: [1, 2], args: [0], shape: [3], dtype: 'float32' },
      ],
      outputs: [3, 1],
    }
    const hasGather = async ({ nodes }: GraphProgram) =>
      nodes.some((node) => node.kind === 'op' && node.op === 'gather')
    expect(await shrinkProgram(gathered, hasGather)).toEqual({
      nodes: [
        { ...vector, values: [1, 2] },
        { ...places, values: [0, 1, 0] },
        { kind: 'op', op: 'gather', inputs: [0, 1], args: [0], shape: [3], dtype: 'float32' },
      ],
      outputs: [2],
    })
  })
})
