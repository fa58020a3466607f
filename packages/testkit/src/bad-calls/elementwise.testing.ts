import type { DType } from '@tensorweft/core'
import type { CoreFunction } from '../conformance/cases/samples/call-sample.ts'
import {
  argumentError,
  type BadCall,
  type BadCalls,
  dtypeError,
  floats,
  notAnOperand,
  notAnOption,
  notATensor,
  ofDTypes,
  shapeError,
  values,
  withArgument,
} from './bad-call.testing.ts'

const x = floats(2, 3)
const noFloats: readonly DType[] = ['int32', 'uint8', 'bool']

/** The same calls for several functions. */
function forEach(
  names: readonly CoreFunction[],
  calls: (name: CoreFunction) => readonly BadCall[],
): BadCalls {
  return Object.fromEntries(names.map((name) => [name, calls(name)]))
}

const unary: BadCalls = {
  ...forEach(['identity', 'stopGradient', 'isNan', 'isFinite', 'isInfinite'], () =>
    notATensor([], 0, 'x'),
  ),
  ...forEach(['abs', 'neg', 'relu', 'relu6', 'sign', 'square'], () => [
    ...notATensor([], 0, 'x'),
    ...ofDTypes([x], 0, ['bool'], 'x is bool', 'wanted float32'),
  ]),
  ...forEach(
    [
      ...(['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh'] as const),
      ...(['erf', 'erfInv', 'erfc', 'exp', 'expm1', 'floor', 'log', 'log1p'] as const),
      ...(['reciprocal', 'round', 'rsqrt', 'sigmoid', 'sin', 'sinh', 'softplus'] as const),
      ...(['softsign', 'sqrt', 'tan', 'tanh'] as const),
      ...(['hardSigmoid', 'hardSwish', 'logSigmoid', 'mish', 'selu', 'silu'] as const),
      ...(['elu', 'gelu', 'leakyRelu'] as const),
    ],
    () => [...notATensor([], 0, 'x'), ...ofDTypes([x], 0, noFloats, 'cast')],
  ),
  logicalNot: [
    ...notATensor([], 0, 'x'),
    ...ofDTypes([x], 0, ['float32', 'float64', 'int32', 'uint8'], 'wanted bool', "cast('bool')"),
  ],
}

const withOptions: BadCalls = {
  elu: [...(unary.elu ?? []), ...notAnOption([x], 1, 'alpha', [Number.NaN, '1'])],
  leakyRelu: [...(unary.leakyRelu ?? []), ...notAnOption([x], 1, 'alpha', [Number.NaN, '0.2'])],
  gelu: [...(unary.gelu ?? []), ...notAnOption([x], 1, 'approximate', ['erf', true, null])],
  clip: [
    ...notATensor([x, 0, 1], 0, 'x'),
    argumentError([x, 2, 1], 'min 2 and max 1'),
    argumentError([x, Number.NaN, 1], 'NaN'),
    argumentError([x, 0, Number.NaN], 'NaN'),
    argumentError([x, '0', 1], 'min 0'),
    argumentError([x, undefined, 1], 'min undefined'),
    argumentError([x, 0], 'max undefined'),
    argumentError([values('int32', 2), 1.5, 2], 'min 1.5 for int32', 'an integer', 'round'),
    argumentError([values('uint8', 2), 0, 256], 'max 256 for uint8', 'an integer', 'round'),
  ],
  cast: [
    ...notATensor([x, 'int32'], 0, 'x'),
    ...['bfloat16', 'Int32', undefined, 3].map((dtype) =>
      dtypeError([x, dtype], String(dtype), 'float32', 'bool'),
    ),
  ],
}

/** Of arguments of `dtype`; other dtypes in `refused` are not taken. */
function binary(dtype: DType, refused: readonly DType[] = []): BadCall[] {
  const [a, b] = [values(dtype, 2, 3), values(dtype, 3)]
  const other = dtype === 'int32' ? 'uint8' : 'int32'
  return [
    ...notAnOperand([a, b], 0, 'a'),
    ...notAnOperand([a, b], 1, 'b'),
    ...notAnOperand([1, b], 1, 'b'),
    argumentError([a, true], 'b is boolean'),
    dtypeError([1, 2], 'two numbers', 'tensor'),
    shapeError([a, values(dtype, 2)], 'a is [2, 3] and b is [2]', 'broadcast'),
    shapeError([values(dtype, 2, 3), values(dtype, 3, 3)], '2 and 3'),
    shapeError([a, values(dtype, 4, 1, 2)], '[4, 1, 2]', 'equal sizes or 1'),
    dtypeError(
      [a, values(other, 3)],
      refused.includes(other) ? `b is ${other}` : `a is ${dtype} and b is ${other}`,
      `b.cast('${dtype}')`,
    ),
    ...refused.map((wrong) => {
      return dtypeError([values(wrong, 2, 3), values(wrong, 3)], wrong, `cast('`)
    }),
  ]
}

/** Numbers that tensors of integers and bools do not hold, on either side. */
function unfitNumbers(dtypes: readonly DType[]): BadCall[] {
  const unfit: readonly (readonly [DType, readonly number[]])[] = [
    ['int32', [0.5, -0.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY]],
    ['uint8', [-1, 256, 1.5]],
    ['bool', [2, -1, 0.5]],
  ]
  return unfit
    .filter(([dtype]) => dtypes.includes(dtype))
    .flatMap(([dtype, numbers]) =>
      numbers.flatMap((n) => [
        argumentError([values(dtype, 2), n], `b ${n} for ${dtype}`, "cast('float32')", 'round'),
        argumentError([n, values(dtype, 2)], `a ${n} for ${dtype}`, "cast('float32')", 'round'),
      ]),
    )
}

/** Of bools, which have no sums and products. */
function boolArithmetic(): BadCall[] {
  const [bools, floatBeside] = [values('bool', 2), floats(2)]
  return [
    dtypeError([bools, bools], 'a is bool', 'wanted float32', 'logicalAnd', "a.cast('float32')"),
    dtypeError([bools, 1], 'a is bool', 'logicalAnd'),
    dtypeError([2, bools], 'b is bool', 'logicalAnd'),
    dtypeError([bools, floatBeside], 'a is bool', "a.cast('float32')"),
    dtypeError([floatBeside, bools], 'b is bool', "b.cast('float32')"),
  ]
}

const pairs: BadCalls = {
  ...forEach(['add', 'sub', 'mul', 'squaredDifference'], () => [
    ...binary('float32'),
    ...unfitNumbers(['int32', 'uint8']),
    ...boolArithmetic(),
  ]),
  div: binary('float32'),
  ...forEach(
    [
      ...(['maximum', 'minimum', 'equal', 'notEqual'] as const),
      ...(['less', 'lessEqual', 'greater', 'greaterEqual'] as const),
    ],
    () => [
      ...binary('float32'),
      ...unfitNumbers(['int32', 'uint8', 'bool']),
      dtypeError([values('bool', 2), floats(2)], "a.cast('float32')"),
    ],
  ),
  ...forEach(['pow', 'atan2'], () => binary('float32', noFloats)),
  ...forEach(['mod', 'floorDiv'], () => [
    ...binary('float32', ['bool']),
    ...unfitNumbers(['int32', 'uint8']),
  ]),
  ...forEach(['logicalAnd', 'logicalOr', 'logicalXor'], () =>
    binary('bool', ['float32', 'float64', 'int32', 'uint8']),
  ),
  ...forEach(['shiftLeft', 'shiftRight'], () => {
    return binary('int32', ['float32', 'float64', 'uint8', 'bool'])
  }),
}

const condition = values('bool', 2, 3)

const choices: BadCalls = {
  where: [
    ...notATensor([condition, x, x], 0, 'condition'),
    ...notAnOperand([condition, x, x], 1, 'x'),
    ...notAnOperand([condition, x, x], 2, 'y'),
    ...ofDTypes([condition, x, x], 0, ['float32', 'int32', 'uint8'], 'wanted bool'),
    dtypeError([condition, 1, 2], 'two numbers'),
    argumentError([condition, values('int32', 2, 3), 0.5], 'y 0.5 for int32', 'round'),
    argumentError([condition, 256, values('uint8', 2, 3)], 'x 256 for uint8', 'round'),
    dtypeError([condition, x, values('int32', 2, 3)], 'float32', 'int32'),
    shapeError([condition, floats(2), x], '[2]', '[2, 3]', 'broadcast'),
    shapeError([withShape(4), x, x], '[4]', '[2, 3]', 'broadcast'),
    shapeError(withArgument([condition, x, 1], 0, withShape(2, 2)), '[2, 2]'),
  ],
}

function withShape(...shape: readonly number[]) {
  return values('bool', ...shape)
}

export const elementwiseCalls: BadCalls = { ...unary, ...withOptions, ...pairs, ...choices }
