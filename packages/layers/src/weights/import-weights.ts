import { type DType, float16Value, formatShape, sameShape, tensor } from '@tensorweft/core'
import { decodeSafetensors, type SafetensorsTensor } from '../safetensors/index.ts'
import type { WithVariables } from './export-weights.ts'
import { type NamedParameter, namedParameters } from './named-parameters.ts'
import { WeightsError } from './weights-error.ts'

/**
 * Gives a built model the weights in the bytes of a safetensors file, which must hold exactly its
 * parameters and state. Floats may be narrower than the model's: a file of float16 fits a model of
 * float32, which then holds the same numbers. If weights do not fit, the model stays as it was.
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
  checkFit(op, named, tensors)
  for (const { name, parameter } of named) {
    const found = tensors.get(name)
    // None is missing after the check above.
    if (found === undefined) continue
    const { dtype, shape } = parameter
    const isHalf = found.dtype === 'float16'
    const values = isHalf ? Float32Array.from(found.data, float16Value) : found.data
    parameter.assign(tensor(values, { dtype, shape }))
  }
}

/** @throws WeightsError unless the tensors are those of the parameters, as `importWeights` wants them. */
export function checkFit(
  op: string,
  named: readonly NamedParameter[],
  tensors: ReadonlyMap<string, SafetensorsTensor>,
): void {
  const problems = findProblems(named, tensors)
  if (problems.length > 0) {
    const shown = problems.slice(0, shownProblems)
    if (shown.length < problems.length) shown.push(`and ${problems.length - shown.length} more`)
    throw new WeightsError(op, {
      got: shown.join('; '),
      wanted: "the model's weights",
      ...(named.length === 0 && { hint: 'call build(inputShape, key) of the model first' }),
    })
  }
}

const shownProblems = 3

function findProblems(
  named: readonly NamedParameter[],
  tensors: ReadonlyMap<string, SafetensorsTensor>,
): string[] {
  const unexpected = new Set(tensors.keys())
  const problems = named.flatMap(({ name, parameter: { shape, dtype } }) => {
    unexpected.delete(name)
    const found = tensors.get(name)
    if (found === undefined) return `'${name}' is missing`
    const isOfShape = sameShape(shape, found.shape)
    const isHeld = found.dtype === dtype || narrower[dtype]?.includes(found.dtype)
    if (isOfShape && isHeld) return []
    const [is, wanted] = isOfShape
      ? [found.dtype, dtype]
      : [formatShape(found.shape), formatShape(shape)]
    return `'${name}' is ${is}, in the model ${wanted}`
  })
  return [...problems, ...[...unexpected].map((name) => `'${name}' is not in the model`)]
}

/** Dtypes of files all of whose values a parameter of another dtype holds. */
const narrower: { readonly [dtype in DType]?: readonly string[] } = {
  float32: ['float16'],
  float64: ['float16', 'float32'],
}
