import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import { Tensor } from '../graph/tensor.ts'

/** Throws ArgumentError for what is no tensor of this copy of core. */
export function checkTensor<D extends DType>(op: string, name: string, value: Tensor<D>): Tensor<D>
export function checkTensor(op: string, name: string, value: unknown): Tensor<DType>
export function checkTensor(op: string, name: string, value: unknown): Tensor<DType> {
  if (value instanceof Tensor) return value
  const isForeign = typeof value === 'object' && value !== null && 'node' in value
  throw new ArgumentError(op, {
    got: `${name} is ${isForeign ? 'a tensor of another copy of @tensorweft/core' : typeof value}`,
    wanted: 'a tensor',
    hint: isForeign
      ? 'install one version of @tensorweft/core: see `npm ls @tensorweft/core`'
      : 'make one with tensor(values)',
  })
}
