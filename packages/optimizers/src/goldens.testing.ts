import { type Optimizer, Parameter, tensor } from '@tensorweft/core'
import type { GoldenAttribute, GoldenCase, GoldenInput } from '@tensorweft/testkit'
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  lion,
  nadam,
  radam,
  rmsprop,
  sgd,
} from './index.ts'

type Attributes = { readonly [name: string]: GoldenAttribute }

/** The rules by the names of the cases. What a case does not mention is zero there. */
export const rules: Readonly<Record<string, (options: Attributes) => Optimizer>> = {
  sgd,
  adam,
  adamW: (options) => adamW({ weightDecay: 0, ...options }),
  adagrad: (options) => adagrad({ initialAccumulatorValue: 0, ...options }),
  adadelta,
  rmsprop,
  adamax,
  nadam,
  radam,
  lion,
}

/** The optimiser that attributes describe. */
export function makeOptimizer({ op, formula: _, ...options }: Attributes): Optimizer {
  const rule = typeof op === 'string' ? rules[op] : undefined
  if (rule === undefined) throw new Error(`there is no rule ${String(op)}`)
  return rule(options)
}

export function inputOf({ inputs }: GoldenCase, name: string): GoldenInput {
  const input = inputs.find((candidate) => candidate.name === name)
  if (input === undefined) throw new Error(`there is no input ${name}`)
  return input
}

export function parameterFrom({ data, shape }: GoldenInput): Parameter {
  return new Parameter(tensor(data, { shape, dtype: 'float32' }))
}

/** Part `index` of an input along its first axis. */
export function partOf({ data, shape }: GoldenInput, index: number) {
  const size = data.length / (shape[0] ?? 1)
  return { data: data.slice(index * size, (index + 1) * size), shape: shape.slice(1) }
}
