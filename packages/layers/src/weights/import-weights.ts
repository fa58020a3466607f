import { formatShape, sameShape, tensor } from '@tensorweft/core'
import { decodeSafetensors, type SafetensorsTensor } from '../safetensors/index.ts'
import type { WithVariables } from './export-weights.ts'
import { type NamedParameter, namedParameters } from './named-parameters.ts'
import { WeightsError } from './weights-error.ts'

/**
 * Gives a built model the weights in the bytes of a safetensors file, which must hold exactly its
 * parameters and state. If they do not fit, the model stays as it was.
 *
 * @throws SafetensorsError for damaged bytes, WeightsError where names, shapes or dtypes differ.
 * @example
 * ```ts
 * const [trained, copy] = [sequential(dense({ units: 10 })), sequential(dense({ units: 10 }))]
 * trained.build([4], key(1))
 * copy.build([4], key(2))
 * importWeights(copy, await exportWeights(trained))
 * ```
 */
export function importWeights(model: WithVariables, bytes: Uint8Array): void {
  assignWeights('importWeights', model, decodeSafetensors(bytes).tensors)
}

/** Assigns all weights or, if one does not fit, none. Errors are in the name of `op`. */
export function assignWeights(
  op: string,
  { variables }: WithVariables,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
): void {
  const named = namedParameters(variables)
  const problems = findProblems(named, tensors)
  if (problems.length > 0) {
    const more =
      problems.length > shownProblems ? `; and ${problems.length - shownProblems} more` : ''
    throw new WeightsError(op, {
      got: `${problems.slice(0, shownProblems).join('; ')}${more}`,
      wanted: "the model's weights, no more and no less",
      ...(named.length === 0 && { hint: 'call build(inputShape, key) of the model first' }),
    })
  }
  for (const { name, parameter } of named) {
    const found = tensors.get(name)
    // Neither is left after the check above; no parameter is float16.
    if (found === undefined || found.dtype === 'float16') continue
    const { dtype, shape } = parameter
    parameter.assign(tensor(found.data, { dtype, shape }))
  }
}

const shownProblems = 3

function findProblems(
  named: readonly NamedParameter[],
  tensors: ReadonlyMap<string, SafetensorsTensor>,
): string[] {
  const names = new Set(named.map(({ name }) => name))
  const unexpected = [...tensors.keys()].filter((name) => !names.has(name))
  return [
    ...named.flatMap((weight) => describeMismatch(weight, tensors.get(weight.name))),
    ...unexpected.map((name) => `'${name}' is not in the model`),
  ]
}

function describeMismatch(
  { name, parameter: { shape, dtype } }: NamedParameter,
  found: SafetensorsTensor | undefined,
): string[] {
  if (found === undefined) return [`'${name}' is missing`]
  if (!sameShape(shape, found.shape)) {
    return [`'${name}' is ${formatShape(found.shape)}, in the model ${formatShape(shape)}`]
  }
  return found.dtype === dtype ? [] : [`'${name}' is ${found.dtype}, in the model ${dtype}`]
}
