import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import { Tensor } from '../graph/tensor.ts'

/** Throws ArgumentError for what is no tensor of this copy of core. */
export function checkTensor<D extends DType>(
  op: string,
  name: string,
  value: Tensor<D>,
  hint?: string,
): Tensor<D>
export function checkTensor(op: string, name: string, value: unknown, hint?: string): Tensor<DType>
export function checkTensor(
  op: string,
  name: string,
  value: unknown,
  hint = 'make one with tensor(values)',
): Tensor<DType> {
  if (value instanceof Tensor) return value
  const isForeign = typeof value === 'object' && value !== null && 'node' in value
  throw new ArgumentError(op, {
    got: `${name} is ${isForeign ? 'a tensor of another copy of @tensorweft/core' : kindOf(value)}`,
    wanted: 'a tensor',
    hint: isForeign
      ? 'install one version of @tensorweft/core: see `npm ls @tensorweft/core`'
      : hint,
  })
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' && 'length' in value ? 'an array' : typeof value
}
