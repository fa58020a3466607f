import { type AnyTensor, type DType, type Shape, sizeOf, tensor } from '@tensorweft/core'
import type { Argument } from './argument.ts'
import type { Choices } from './choices.ts'
import { applyGraphOp, type GraphOp } from './graph-ops.ts'
import { randomLeaf } from './leaf-values.ts'
import type { GraphNode, GraphProgram, Leaf } from './program.ts'

/** What random graphs may contain. */
export interface GraphLimits {
  readonly maxRank: number
  readonly maxElements: number
  readonly maxNodes: number
  /** dtypes of leaves, the commonest first. */
  readonly dtypes: readonly DType[]
  /** One graph in so many holds infinities and NaN. */
  readonly specialsOneIn: number
}

/** A node as recipes see it. */
export interface Candidate {
  readonly number: number
  readonly shape: Shape
  readonly dtype: DType
}

/** A graph to which recipes add nodes. Ops are called as they are added, so shapes are core's. */
export class GrowingGraph {
  readonly choices: Choices
  readonly limits: GraphLimits
  readonly #nodes: GraphNode[] = []
  readonly #tensors: AnyTensor[] = []
  readonly #specials: boolean

  constructor(choices: Choices, limits: GraphLimits) {
    this.choices = choices
    this.limits = limits
    this.#specials = choices.oneIn(limits.specialsOneIn)
  }

  get size(): number {
    return this.#nodes.length
  }

  /** Nodes that a predicate accepts, the latest first. */
  candidates(accepts: (node: Candidate) => boolean = () => true): Candidate[] {
    return this.#nodes
      .map(({ shape, dtype }, number) => ({ number, shape, dtype }))
      .filter(accepts)
      .reverse()
  }

  /** One of the nodes that a predicate accepts, more often a late one. */
  pick(accepts?: (node: Candidate) => boolean): Candidate | undefined {
    const all = this.candidates(accepts)
    if (all.length === 0) return undefined
    return all[this.choices.oneIn(3) ? this.choices.below(all.length) : 0]
  }

  leaf(shape: Shape, dtype: DType): Candidate {
    const leaf = randomLeaf(this.choices, shape, dtype, this.#specials)
    return this.#add(leaf, leafTensor(leaf))
  }

  /** A leaf with positions in an axis of size `below`, which is not 0. */
  positions(shape: Shape, below: number): Candidate {
    const { values } = randomLeaf(this.choices, shape, 'uint8', false)
    const inside = values.map((value) => value % below)
    const leaf: Leaf = { kind: 'leaf', shape, dtype: 'int32', values: inside, below }
    return this.#add(leaf, leafTensor(leaf))
  }

  /** Adds an op; undefined if the result would be too large. */
  apply(
    op: GraphOp,
    inputs: readonly Candidate[],
    args: readonly Argument[] = [],
  ): Candidate | undefined {
    const numbers = inputs.map(({ number }) => number)
    const tensors = numbers.flatMap((number) => this.#tensors[number] ?? [])
    const result = applyGraphOp(op, tensors, args)
    const { shape, dtype } = result
    const isTooLarge = sizeOf(shape) > this.limits.maxElements || shape.length > this.limits.maxRank
    if (isTooLarge) return undefined
    return this.#add({ kind: 'op', op, inputs: numbers, args, shape, dtype }, result)
  }

  program(outputs: readonly Candidate[]): GraphProgram {
    return { nodes: this.#nodes, outputs: outputs.map(({ number }) => number) }
  }

  #add(node: GraphNode, value: AnyTensor): Candidate {
    this.#tensors.push(value)
    const { shape, dtype } = node
    return { number: this.#nodes.push(node) - 1, shape, dtype }
  }
}

/** A tensor with the values of a leaf. */
export function leafTensor({ values, shape, dtype }: Leaf): AnyTensor {
  return tensor<DType>(values, { shape, dtype })
}
