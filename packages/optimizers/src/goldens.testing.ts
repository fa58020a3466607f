import { type Optimizer, Parameter, tensor } from '@tensorweft/core'
import type { GoldenAttribute, GoldenCase, GoldenInput } from '@tensorweft/testkit'
import { adam, sgd } from './index.ts'

/** Rules of the reference values that this package has, by the names of the cases. */
export const rules = { sgd, adam }

type Attributes = { readonly [name: string]: GoldenAttribute }

/** The optimiser that attributes describe. */
export function makeOptimizer({ op, formula: _, ...options }: Attributes): Optimizer {
  return op === 'sgd' ? sgd(options) : adam(options)
}

export function inputOf({ inputs }: GoldenCase, name: string): GoldenInput {
  const input = inputs.find((candidate) => candidate.name === name)
  if (input === undefined) throw new Error(`there is no input ${name}`)
  return input
}

export function parameterFrom({ data, shape }: GoldenInput): Parameter {
  return new Parameter(tensor(data, { shape }))
}

/** Part `index` of an input along its first axis. */
export function partOf({ data, shape }: GoldenInput, index: number) {
  const size = data.length / (shape[0] ?? 1)
  return { data: data.slice(index * size, (index + 1) * size), shape: shape.slice(1) }
}
