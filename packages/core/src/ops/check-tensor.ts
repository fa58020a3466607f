import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import { checkNotDisposed, Tensor } from '../graph/tensor.ts'

/** Throws ArgumentError for what is no tensor of this copy of core, DisposedError for a disposed one. */
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
  if (value instanceof Tensor) {
    checkNotDisposed(op, value)
    return value
  }
  const isNode = typeof value === 'object' && value !== null && 'node' in value
  const [kind, fix] = !isNode
    ? [kindOf(value), hint]
    : 'trainable' in value
      ? ['a Parameter', 'pass its .value']
      : [
          'a tensor of another copy of @tensorweft/core',
          'install one version of @tensorweft/core: see `npm ls @tensorweft/core`',
        ]
  throw new ArgumentError(op, { got: `${name} is ${kind}`, wanted: 'a tensor', hint: fix })
}

/** What `value`, which is no tensor, is called in messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`
  return typeof value === 'object' && 'length' in value ? 'an array' : typeof value
}
