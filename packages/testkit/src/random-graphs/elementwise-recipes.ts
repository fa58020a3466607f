import { broadcastShapes, type DType, isFloat } from '@tensorweft/core'
import type { GraphOp } from './graph-ops.ts'
import { broadcastSource, type Call, isAny, partnerOf, type Recipe, recipe } from './recipe.ts'

const common: readonly GraphOp[] = [
  ...(['neg', 'square', 'abs', 'relu', 'tanh', 'sigmoid', 'exp', 'sqrt', 'log'] as const),
  ...(['stopGradient', 'identity'] as const),
]
const others: readonly GraphOp[] = [
  ...(['erfInv', 'sign', 'floor', 'ceil', 'round'] as const),
  ...(['reciprocal', 'rsqrt', 'log1p', 'expm1', 'erf', 'erfc', 'softplus', 'logSigmoid'] as const),
  ...(['sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'asinh', 'acosh', 'atanh'] as const),
  ...(['gelu', 'silu', 'mish', 'elu', 'selu', 'leakyRelu', 'softsign'] as const),
  ...(['relu6', 'hardSigmoid', 'hardSwish'] as const),
]
const ofIntegers: readonly GraphOp[] = [
  ...(['neg', 'square', 'abs', 'relu', 'sign', 'relu6', 'stopGradient', 'identity'] as const),
]

const withOptions: readonly Call[] = [
  ['gelu', { approximate: 'tanh' }],
  ['elu', { alpha: 0.7 }],
  ['leakyRelu', { alpha: 0.3 }],
  ['clip', -1, 1.5],
  ['clip', null, 0.5],
  ['clip', -0.25, null],
]

/** What brings numbers to where a function is defined, and not only just. */
const before: Readonly<Partial<Record<GraphOp, readonly Call[]>>> = {
  erfInv: [['tanh']],
  asin: [['tanh']],
  acos: [['tanh']],
  atanh: [['tanh']],
  acosh: [['square'], ['add', 1.25]],
  log1p: [['relu']],
  rsqrt: [['exp']],
}

const unary = recipe(isAny, (x, graph, choices) => {
  if (x.dtype === 'bool') return graph.apply('logicalNot', [x])
  if (!isFloat(x.dtype)) {
    return choices.oneIn(8)
      ? graph.apply('clip', [x], [0, 5])
      : graph.apply(choices.pick(ofIntegers), [x])
  }
  const ops = choices.pick([common, others, common, others])
  const [op, ...args] = choices.oneIn(6)
    ? choices.pick(withOptions)
    : ([choices.pick(ops)] as const)
  const preparation = choices.oneIn(4) ? [] : (before[op] ?? [])
  const prepared = preparation.reduce(
    (y, [first, ...numbers]) => graph.apply(first, [y], numbers) ?? y,
    x,
  )
  return graph.apply(op, [prepared], args)
})

const inspections = ['isNan', 'isFinite', 'isInfinite'] as const

const inspect = recipe(isAny, (x, graph, choices) => graph.apply(choices.pick(inspections), [x]))

const ofNumbers = ['add', 'mul', 'sub', 'maximum', 'minimum', 'squaredDifference', 'div'] as const
const ofDType: Readonly<Record<DType, readonly GraphOp[]>> = {
  float32: [...ofNumbers, 'atan2', 'mod', 'floorDiv'],
  float64: [...ofNumbers, 'atan2', 'mod', 'floorDiv'],
  float16: [...ofNumbers, 'atan2', 'mod', 'floorDiv'],
  int32: [...ofNumbers, 'mod', 'floorDiv'],
  uint8: [...ofNumbers, 'mod', 'floorDiv'],
  bool: ['logicalAnd', 'logicalOr', 'logicalXor'],
}

const binary = recipe(isAny, (a, graph, choices) => {
  const b = partnerOf(graph, a, a.dtype)
  const operands = choices.oneIn(2) ? [b, a] : [a, b]
  return graph.apply(choices.pick(ofDType[a.dtype]), operands)
})

/** Powers of what is positive; of anything for integer exponents. */
const power = recipe(
  ({ dtype }) => isFloat(dtype),
  (x, graph, choices) => {
    if (choices.oneIn(2)) return graph.apply('pow', [x], [choices.pick([2, 3, 0, -1])])
    const base = graph.apply('softplus', [x])
    const exponent = choices.oneIn(2) ? [] : [choices.pick([0.5, -1.5])]
    const inputs = base && (exponent.length > 0 ? [base] : [base, partnerOf(graph, x, x.dtype)])
    return inputs && graph.apply('pow', inputs, exponent)
  },
)

const withNumber = recipe(
  ({ dtype }) => dtype !== 'bool',
  (x, graph, choices) => {
    const op = choices.pick(ofDType[x.dtype])
    const floats = ['div', 'mod', 'floorDiv'].includes(op) ? [2, -1.25] : [2, 0.5, -1.25, 0]
    const values = isFloat(x.dtype) ? floats : x.dtype === 'int32' ? [2, -3, 0] : [2, 0]
    return graph.apply(op, [x], [choices.pick(values)])
  },
)

/** Of constants alone, which a compiler computes itself. */
const constants = recipe(
  ({ dtype }) => dtype !== 'bool' && dtype !== 'uint8',
  ({ dtype, shape }, graph, choices) => {
    const values = isFloat(dtype) ? [2, 0.5, -3] : [2147483647, 5, -3]
    const operands = [shape, broadcastSource(choices, shape)].flatMap(
      (own) => graph.apply('full', [], [own, choices.pick(values), dtype]) ?? [],
    )
    return operands.length < 2 ? undefined : graph.apply(choices.pick(ofDType[dtype]), operands)
  },
)

const equalities: readonly GraphOp[] = ['equal', 'notEqual']
const comparisons = [...equalities, 'less', 'greater', 'lessEqual', 'greaterEqual'] as const

const compare = recipe(isAny, (a, graph, choices) => {
  const op = choices.pick(a.dtype === 'bool' ? equalities : comparisons)
  if (a.dtype !== 'bool' && choices.oneIn(4)) return graph.apply(op, [a], [choices.pick([0, 1])])
  return graph.apply(op, [a, partnerOf(graph, a, a.dtype)])
})

const where = recipe(isAny, (x, graph, choices) => {
  const condition = partnerOf(graph, x, 'bool')
  if (choices.oneIn(4)) return graph.apply('where', [condition, x], [choices.pick([0, 1])])
  const shape = broadcastShapes('where', condition.shape, x.shape)
  return graph.apply('where', [condition, x, partnerOf(graph, { shape }, x.dtype)])
})

const cast = recipe(isAny, (x, graph, choices) => {
  const dtypes = graph.limits.dtypes.filter((dtype) => dtype !== x.dtype)
  return graph.apply('cast', [x], [choices.pick(dtypes)])
})

const shift = recipe(
  ({ dtype }) => dtype === 'int32',
  (x, graph, choices) => {
    const counts = graph.apply('full', [], [[], choices.below(32), 'int32'])
    return counts && graph.apply(choices.pick(['shiftLeft', 'shiftRight']), [x, counts])
  },
)

export const elementwiseRecipes: readonly Recipe[] = [
  unary,
  unary,
  unary,
  unary,
  binary,
  binary,
  binary,
  power,
  withNumber,
  constants,
  compare,
  inspect,
  where,
  cast,
  shift,
]
