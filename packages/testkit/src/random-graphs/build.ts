import type { AnyTensor } from '@tensorweft/core'
import { applyGraphOp } from './graph-ops.ts'
import { leafTensor } from './growing-graph.ts'
import type { GraphProgram, Leaf } from './program.ts'

/** The leaves of a program, in order. */
export function leavesOfProgram(program: GraphProgram): Leaf[] {
  return program.nodes.flatMap((node) => (node.kind === 'leaf' ? node : []))
}

/** Tensors with the values of the leaves. */
export function leafTensors(program: GraphProgram): AnyTensor[] {
  return leavesOfProgram(program).map(leafTensor)
}

/** Applies the program to tensors in place of its leaves and returns its outputs. */
export function buildOutputs(program: GraphProgram, leaves: readonly AnyTensor[]): AnyTensor[] {
  const values = buildNodes(program, leaves)
  return program.outputs.flatMap((output) => values[output] ?? [])
}

/** The tensor of every node. */
export function buildNodes(program: GraphProgram, leaves: readonly AnyTensor[]): AnyTensor[] {
  const values: AnyTensor[] = []
  let next = 0
  for (const node of program.nodes) {
    if (node.kind === 'op') {
      const inputs = node.inputs.flatMap((input) => values[input] ?? [])
      values.push(applyGraphOp(node.op, inputs, node.args))
    } else {
      const leaf = leaves[next++]
      if (leaf === undefined) throw new Error('a graph needs a tensor for every leaf')
      values.push(leaf)
    }
  }
  return values
}
