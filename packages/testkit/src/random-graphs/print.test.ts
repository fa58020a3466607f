import { describe, expect, test } from 'vitest'
import type { Argument } from './argument.ts'
import type { GraphOp } from './graph-ops.ts'
import { printProgram } from './print.ts'
import type { GraphNode } from './program.ts'

const vector: GraphNode = { kind: 'leaf', shape: [2], dtype: 'float32', values: [1, -0] }

/** The last line but one of a program that applies an op to vectors. */
function printed(op: GraphOp, count: number, ...args: Argument[]): string | undefined {
  const inputs = Array.from({ length: count }, (_, i) => i)
  const call: GraphNode = { kind: 'op', op, inputs, args, shape: [2], dtype: 'float32' }
  const nodes = [...inputs.map(() => vector), call]
  return printProgram({ nodes, outputs: [count] })
    .split('\n')
    .at(-2)
}

describe('a program is printed as code', () => {
  test('with numbers as they are', () => {
    const nodes = [vector]
    expect(printProgram({ nodes, outputs: [0] })).toBe(
      'const x0 = tensor([1, -0], { shape: [2] })\nawait realize(x0)',
    )
    expect(printed('norm', 1, [0], { ord: -Infinity })).toBe(
      'const x1 = norm(x0, [0], { ord: -Infinity })',
    )
  })

  test('whose functions take tensors in their own way', () => {
    expect(printed('concat', 2, 0)).toBe('const x2 = concat([x0, x1], 0)')
    expect(printed('einsum', 2, 'a,b->ab')).toBe("const x2 = einsum('a,b->ab', x0, x1)")
    expect(printed('layerNorm', 1, { epsilon: 0.1 })).toBe(
      'const x1 = layerNorm(x0, undefined, undefined, { epsilon: 0.1 })',
    )
    expect(printed('sum', 1, [0], {})).toBe('const x1 = sum(x0, [0])')
  })

  test('with the result that is meant', () => {
    expect(printed('split', 1, 2, 0, 1)).toBe('const x1 = split(x0, 2, 0)[1]')
    expect(printed('topK', 1, 1, 'indices')).toBe('const x1 = topK(x0, 1).indices')
  })
})
