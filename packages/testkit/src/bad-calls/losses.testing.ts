import { tensor } from '@tensorweft/core'
import {
  argumentError,
  type BadCall,
  type BadCalls,
  dtypeError,
  floats,
  notAnOption,
  notATensor,
  ofDTypes,
  shapeError,
  values,
} from './bad-call.testing.ts'

const x = floats(2, 3)
const labels = tensor([0, 2], { dtype: 'int32' })
const noFloats = ['int32', 'uint8', 'bool'] as const

const reductions: readonly unknown[] = ['avg', 'MEAN', 0, null]
const fractions: readonly unknown[] = [-0.1, 1.1, Number.NaN, '0.1']

/** Of inputs that have these names, floats of one dtype and shape. */
function ofInputs(...names: readonly string[]): BadCall[] {
  const inputs = names.map(() => x)
  return [
    ...names.flatMap((name, i) => [
      ...notATensor(inputs, i, name),
      ...ofDTypes(inputs, i, noFloats, name, 'floats of one dtype'),
      ...ofDTypes(inputs, i, ['float64'], 'float32', 'floats of one dtype', 'cast'),
      ...[floats(3, 2), floats(3), floats(2, 1)].map((other) =>
        shapeError(inputs.with(i, other), `${name} [${other.shape.join(', ')}]`, 'the same shape'),
      ),
    ]),
    ...notAnOption(inputs, names.length, 'reduction', reductions),
  ]
}

/** Of inputs whose last axis is one of classes. */
function overClasses(...names: readonly string[]): BadCall[] {
  return [
    ...ofInputs(...names),
    shapeError(
      names.map(() => floats()),
      `${names[0]} is []`,
      'a last axis',
    ),
    shapeError(
      names.map(() => floats(2, 0)),
      `${names[0]} is [2, 0]`,
      'a last axis',
    ),
  ]
}

const simple = ofInputs('predictions', 'targets')

export const lossCalls: BadCalls = {
  meanSquaredError: simple,
  meanAbsoluteError: simple,
  logCosh: simple,
  poisson: simple,
  hinge: simple,
  huber: [...simple, ...notAnOption([x, x], 2, 'delta', [-1, Number.NaN, '1', null])],
  gaussianNll: ofInputs('mean', 'variance', 'targets'),
  klDivergence: overClasses('predictions', 'targets'),
  cosineSimilarity: overClasses('predictions', 'targets'),
  tripletMargin: [
    ...overClasses('anchor', 'positive', 'negative'),
    ...notAnOption([x, x, x], 3, 'margin', [-1, Number.NaN, '1', null]),
  ],
  softmaxCrossEntropy: [
    ...overClasses('logits', 'labels'),
    ...notAnOption([x, x], 2, 'labelSmoothing', fractions),
    shapeError([x, floats(2)], 'sparseSoftmaxCrossEntropy'),
  ],
  sigmoidCrossEntropy: [
    ...ofInputs('logits', 'labels'),
    ...notAnOption([x, x], 2, 'labelSmoothing', fractions),
  ],
  sparseSoftmaxCrossEntropy: [
    ...notATensor([x, labels], 0, 'logits'),
    ...notATensor([x, labels], 1, 'labels'),
    ...ofDTypes([x, labels], 0, noFloats, 'floats of one dtype'),
    ...ofDTypes([x, labels], 1, ['float32', 'uint8', 'bool'], 'labels is', 'int32', 'cast'),
    dtypeError([x, values('int32', 2).cast('float32')], 'labels is float32'),
    shapeError([x, tensor([0, 1, 2], { dtype: 'int32' })], '[2, 3]', '[3]', '[..., classes]'),
    shapeError([x, tensor([[0], [1]], { dtype: 'int32' })], '[2, 1]'),
    shapeError([floats(), tensor(0, { dtype: 'int32' })], 'logits is []', 'a last axis'),
    argumentError([x, tensor([0, 3], { dtype: 'int32' })], 'index 3', 'from 0 to 2'),
    argumentError([x, tensor([-1, 0], { dtype: 'int32' })], 'index -1', 'from 0 to 2'),
    ...notAnOption([x, labels], 2, 'reduction', reductions),
    ...notAnOption([x, labels], 2, 'labelSmoothing', fractions),
  ],
}
