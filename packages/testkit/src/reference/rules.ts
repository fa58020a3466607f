import {
  ArgumentError,
  type Attributes,
  castNumber,
  type DType,
  type Shape,
} from '@tensorweft/core'
import { type Approximation, emptyApproximation, exactly } from './approximation.ts'
import { numbersOf, pairsOf } from './attributes.ts'
import { matmul } from './contraction.ts'
import * as convolution from './convolution.ts'
import { cumProd, cumSum } from './cumulative.ts'
import { elementwise } from './elementwise.ts'
import * as indexing from './indexing.ts'
import { broadcastTo, concat, flip, pad, reshape, roll, slice, transpose } from './movement.ts'
import { forEachPoint } from './points.ts'
import * as pooling from './pooling.ts'
import { extremum, prod, sum } from './reductions.ts'
import { sample, sampleGradient } from './sampling.ts'
import { castRule, scalarFunctions } from './scalar-functions.ts'
import { argSort, sortRank } from './sorting.ts'
import { threefryWord } from './threefry.ts'

/** The result of an op, given its inputs by name. */
export type ReferenceRule = (
  inputs: Readonly<Record<string, Approximation>>,
  node: { readonly shape: Shape; readonly dtype: DType; readonly attributes: Attributes },
) => Approximation

const movementRules: Record<string, ReferenceRule> = {
  reshape: (inputs, { shape }) => reshape(input(inputs, 'x'), shape),
  transpose: (inputs, { attributes }) =>
    transpose(input(inputs, 'x'), numbersOf(attributes.permutation)),
  flip: (inputs, { attributes }) => flip(input(inputs, 'x'), numbersOf(attributes.axes)),
  slice: (inputs, { attributes }) =>
    slice(input(inputs, 'x'), numbersOf(attributes.begin), numbersOf(attributes.size)),
  pad: (inputs, { attributes, dtype }) =>
    pad(
      input(inputs, 'x'),
      pairsOf(attributes.paddings),
      castNumber(Number(attributes.value), dtype),
    ),
  broadcastTo: (inputs, { shape }) => broadcastTo(input(inputs, 'x'), shape),
  concat: (inputs, { shape, attributes }) =>
    concat(Object.values(inputs), shape, Number(attributes.axis)),
  roll: (inputs, { attributes }) => roll(input(inputs, 'x'), numbersOf(attributes.shifts)),
  sample: (inputs, { shape, attributes }) => sample(input(inputs, 'x'), shape, attributes),
  sampleGradient: (inputs, { shape, attributes }) =>
    sampleGradient(input(inputs, 'dy'), shape, attributes),
}

const reductionRules: Record<string, ReferenceRule> = {
  sum: (inputs, { attributes }) => sum(input(inputs, 'x'), numbersOf(attributes.axes)),
  prod: (inputs, { attributes }) => prod(input(inputs, 'x'), numbersOf(attributes.axes)),
  cumSum: (inputs, { attributes }) => cumSum(input(inputs, 'x'), attributes),
  cumProd: (inputs, { attributes }) => cumProd(input(inputs, 'x'), attributes),
  max: (inputs, { attributes }) =>
    extremum(Math.max, input(inputs, 'x'), numbersOf(attributes.axes)),
  min: (inputs, { attributes }) =>
    extremum(Math.min, input(inputs, 'x'), numbersOf(attributes.axes)),
  matmul: (inputs) => matmul(input(inputs, 'a'), input(inputs, 'b')),
}

const indexingRules: Record<string, ReferenceRule> = {
  gather: (inputs, { shape, attributes }) =>
    indexing.gather(input(inputs, 'x'), input(inputs, 'indices'), shape, attributes),
  scatterAdd: (inputs, { attributes }) =>
    indexing.scatterAdd(
      input(inputs, 'x'),
      input(inputs, 'indices'),
      input(inputs, 'updates'),
      attributes,
    ),
  concat: (inputs, { shape, attributes }) =>
    indexing.concat(Object.values(inputs), shape, attributes),
  sortRank: (inputs, { attributes }) => sortRank(input(inputs, 'x'), attributes),
  argSort: (inputs, { attributes }) => argSort(input(inputs, 'x'), attributes),
}

const windowRules: Record<string, ReferenceRule> = {
  convolve: (inputs, { shape, attributes }) =>
    convolution.convolve(input(inputs, 'x'), input(inputs, 'filters'), shape, attributes),
  convolveFilterGradient: (inputs, { shape, attributes }) =>
    convolution.convolveFilterGradient(input(inputs, 'x'), input(inputs, 'dy'), shape, attributes),
  convolveInputGradient: (inputs, { shape, attributes }) =>
    convolution.convolveInputGradient(
      input(inputs, 'filters'),
      input(inputs, 'dy'),
      shape,
      attributes,
    ),
  windowSum: (inputs, { shape, attributes }) =>
    pooling.windowSum(input(inputs, 'x'), shape, attributes),
  windowSpread: (inputs, { shape, attributes }) =>
    pooling.windowSpread(input(inputs, 'dy'), shape, attributes),
  windowMax: (inputs, { shape, attributes }) =>
    pooling.windowMax(input(inputs, 'x'), shape, attributes),
  windowChoice: (inputs, { attributes }) =>
    pooling.windowChoice(input(inputs, 'x'), input(inputs, 'y'), attributes),
  windowScatter: (inputs, { shape, attributes }) =>
    pooling.windowScatter(input(inputs, 'choice'), input(inputs, 'dy'), shape, attributes),
  windowPick: (inputs, { shape, attributes }) =>
    pooling.windowPick(input(inputs, 'choice'), input(inputs, 'x'), shape, attributes),
}

const creationRules: Record<string, ReferenceRule> = {
  full: (_, { shape, dtype, attributes }) => {
    const result = emptyApproximation(shape, dtype)
    result.values.fill(castNumber(Number(attributes.value), dtype))
    return result
  },
  indices: (_, { shape, dtype, attributes }) => {
    const result = emptyApproximation(shape, dtype)
    forEachPoint(shape, (at, position) => {
      result.values[position] = at[Number(attributes.axis)] ?? 0
    })
    return result
  },
  randomBits: (inputs, { shape, dtype, attributes }) => {
    const words = [...input(inputs, 'key').values]
    const stream = Number(attributes.stream)
    const { length } = emptyApproximation(shape, dtype).values
    const bits = Array.from({ length }, (_, i) => threefryWord(words, [i, stream]))
    return exactly(shape, dtype, bits)
  },
}

const choiceRules: Record<string, ReferenceRule> = {
  cast: (inputs, { shape, dtype }) =>
    elementwise(castRule(dtype), [input(inputs, 'x')], shape, dtype),
  equal: (inputs) => equality(input(inputs, 'a'), input(inputs, 'b'), true),
  notEqual: (inputs) => equality(input(inputs, 'a'), input(inputs, 'b'), false),
  where: (inputs) => choose(input(inputs, 'condition'), input(inputs, 'x'), input(inputs, 'y')),
}

/** Definitions of core's primitive ops that share no code with them. */
export const referenceRules: Readonly<Record<string, ReferenceRule>> = {
  ...Object.fromEntries(
    Object.entries(scalarFunctions).map(([name, rule]): [string, ReferenceRule] => [
      name,
      (inputs, { shape, dtype }) => elementwise(rule, Object.values(inputs), shape, dtype),
    ]),
  ),
  ...movementRules,
  ...reductionRules,
  ...indexingRules,
  ...windowRules,
  ...creationRules,
  ...choiceRules,
}

/** Certain where the intervals are apart or both are points. */
function equality(a: Approximation, b: Approximation, wanted: boolean): Approximation {
  const result = emptyApproximation(a.shape, 'bool')
  for (let i = 0; i < result.values.length; i++) {
    const [x = 0, y = 0] = [a.values[i], b.values[i]]
    const radius = (a.radii[i] ?? 0) + (b.radii[i] ?? 0)
    result.values[i] = Number((x === y) === wanted)
    result.radii[i] = radius > 0 && !(Math.abs(x - y) > radius) ? Number.POSITIVE_INFINITY : 0
  }
  return result
}

/** The chosen element; where the condition is in doubt, whatever covers both. */
function choose(condition: Approximation, x: Approximation, y: Approximation): Approximation {
  const result = emptyApproximation(x.shape, x.dtype)
  for (let i = 0; i < result.values.length; i++) {
    const [chosen, other] = condition.values[i] === 0 ? [y, x] : [x, y]
    const [value = 0, radius = 0] = [chosen.values[i], chosen.radii[i]]
    const apart = Math.abs(value - (other.values[i] ?? 0)) + (other.radii[i] ?? 0)
    const doubt = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart
    result.values[i] = value
    result.radii[i] = condition.radii[i] === 0 ? radius : Math.max(radius, doubt)
  }
  return result
}

function input(inputs: Readonly<Record<string, Approximation>>, name: string): Approximation {
  const found = inputs[name]
  if (found !== undefined) return found
  throw new ArgumentError('reference', { got: `no input ${name}`, wanted: 'the inputs of the op' })
}
