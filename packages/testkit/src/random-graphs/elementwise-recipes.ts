import { broadcastShapes, type DType, isFloat, type Shape } from '@tensorweft/core'
import type { Choices } from './choices.ts'
import type { GraphOp } from './graph-ops.ts'
import type { Candidate, GrowingGraph } from './growing-graph.ts'
import type { Recipe } from './movement-recipes.ts'

const floatUnary: readonly GraphOp[] = [
  'neg',
  'square',
  'abs',
  'relu',
  'tanh',
  'sigmoid',
  'exp',
  'sqrt',
  'log',
  'stopGradient',
  'erfInv',
  'identity',
]
const numberBinary: readonly GraphOp[] = ['add', 'mul', 'sub', 'maximum', 'minimum']
const comparisons: readonly GraphOp[] = [
  'less',
  'greater',
  'lessEqual',
  'greaterEqual',
  'equal',
  'notEqual',
]

const unary: Recipe = (graph) => {
  const x = graph.pick(({ dtype }) => dtype !== 'uint8')
  if (x === undefined) return undefined
  if (x.dtype === 'bool') return graph.apply('logicalNot', [x])
  const ops = isFloat(x.dtype) ? floatUnary : floatUnary.slice(0, 4)
  return graph.apply(graph.choices.pick(ops), [x])
}

const binary: Recipe = (graph) => {
  const a = graph.pick(({ dtype }) => dtype !== 'uint8')
  if (a === undefined) return undefined
  const b = partnerOf(graph, a, a.dtype)
  const operands = graph.choices.oneIn(2) ? [b, a] : [a, b]
  return graph.apply(graph.choices.pick(binaryOps(a.dtype)), operands)
}

function binaryOps(dtype: DType): readonly GraphOp[] {
  if (dtype === 'bool') return ['logicalAnd', 'logicalOr']
  return isFloat(dtype) ? [...numberBinary, 'div'] : numberBinary
}

const withNumber: Recipe = (graph) => {
  const x = graph.pick(({ dtype }) => dtype !== 'bool' && dtype !== 'uint8')
  if (x === undefined) return undefined
  const values = isFloat(x.dtype) ? [2, 0.5, -1.25, 0] : [2, -3, 0]
  return graph.apply(
    graph.choices.pick(['addNumber', 'mulNumber']),
    [x],
    [graph.choices.pick(values)],
  )
}

const compare: Recipe = (graph) => {
  const a = graph.pick(({ dtype }) => dtype !== 'bool')
  return a && graph.apply(graph.choices.pick(comparisons), [a, partnerOf(graph, a, a.dtype)])
}

const where: Recipe = (graph) => {
  const x = graph.pick()
  if (x === undefined) return undefined
  const condition = partnerOf(graph, x, 'bool')
  const shape = broadcastShapes('where', condition.shape, x.shape)
  return graph.apply('where', [condition, x, partnerOf(graph, { ...x, shape }, x.dtype)])
}

const cast: Recipe = (graph) => {
  const x = graph.pick()
  const dtypes = graph.limits.dtypes.filter((dtype) => dtype !== x?.dtype)
  return x && graph.apply('cast', [x], [graph.choices.pick(dtypes)])
}

const full: Recipe = (graph) => {
  const { choices } = graph
  const like = graph.pick()
  const values = like?.dtype === 'int32' ? [1, -3, 2147483647] : [1, 0, 2]
  const shape = like === undefined ? [] : broadcastSource(choices, like.shape)
  return like && graph.apply('full', [], [shape, choices.pick(values), like.dtype])
}

const shift: Recipe = (graph) => {
  const x = graph.pick(({ dtype }) => dtype === 'int32')
  const count = graph.choices.below(32)
  const counts = x && graph.apply('full', [], [[], count, 'int32'])
  return counts && graph.apply(graph.choices.pick(['shiftLeft', 'shiftRight']), [x, counts])
}

const indices: Recipe = (graph) => {
  const x = graph.pick(({ shape }) => shape.length > 0)
  return x && graph.apply('indices', [], [x.shape, graph.choices.below(x.shape.length)])
}

/** A node of `dtype` that broadcasts together with `x`, or a new leaf that does. */
function partnerOf(graph: GrowingGraph, x: Candidate, dtype: DType): Candidate {
  const existing = graph.candidates(
    (node) => node.dtype === dtype && broadcasts(node.shape, x.shape),
  )
  const { choices } = graph
  if (existing.length > 0 && !choices.oneIn(3)) return choices.pick(existing)
  return graph.leaf(broadcastSource(choices, x.shape), dtype)
}

function broadcasts(a: Shape, b: Shape): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const offset = long.length - short.length
  return short.every((n, axis) => n === 1 || long[axis + offset] === 1 || n === long[axis + offset])
}

/** A shape that broadcasts to `shape`. */
function broadcastSource(choices: Choices, shape: Shape): number[] {
  const dropped = choices.oneIn(3) ? choices.below(shape.length + 1) : 0
  return shape.slice(dropped).map((n) => (choices.oneIn(4) ? 1 : n))
}

export const elementwiseRecipes: readonly Recipe[] = [
  unary,
  binary,
  withNumber,
  compare,
  where,
  cast,
  full,
  indices,
  shift,
]
