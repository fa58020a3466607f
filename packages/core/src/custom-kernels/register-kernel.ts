import { ArgumentError } from '../errors.ts'
import { setClaims } from '../execution/claims.ts'
import { opOf } from '../graph/link-op.ts'
import type { Primitive } from '../graph/tensor.ts'
import { findClaims } from './find-claims.ts'
import type { HandWrittenKernel } from './hand-written-kernel.ts'
import { addRegistration, registrationOf, removeRegistration } from './registrations.ts'

/**
 * Lets a kernel that was written by hand compute an op on one backend, for the calls that it
 * supports; other calls, gradients and other backends run generated kernels as before. The kernel
 * gets whole arrays and nothing is fused into it. A call with a number where a tensor could be is
 * not given to it.
 *
 * `checkKernel` of `@tensorweft/testkit` compares it with the generated one.
 *
 * @param op A composite such as `softmax`, an op such as `matmul`, or what `defineOp` returned.
 * @param backend Name of the backend, such as `wasm`.
 * @throws ArgumentError for a function that is neither, and where there is a kernel already.
 * @example
 * ```ts
 * import { registerKernel, softmax, type TensorSpec, unregisterKernel } from '@tensorweft/core'
 *
 * registerKernel(softmax, 'cpu', {
 *   supports: ({ x, axis = -1 }: { x: TensorSpec; axis?: number }) =>
 *     x.shape.length === 1 && axis === -1,
 *   run: ({ x }, output) => {
 *     const largest = Math.max(...x.data)
 *     const exps = Array.from(x.data, (value) => Math.exp(value - largest))
 *     const total = exps.reduce((sum, value) => sum + value, 0)
 *     output.data.set(exps.map((value) => value / total))
 *   },
 * })
 * unregisterKernel(softmax, 'cpu')
 * ```
 */
export function registerKernel<C extends object>(
  op: object,
  backend: string,
  kernel: HandWrittenKernel<C>,
): void {
  const record = recordOf('registerKernel', op)
  if (registrationOf(backend, record) !== undefined) {
    throw new ArgumentError('registerKernel', {
      got: `a second kernel for ${record.name} on ${backend}`,
      wanted: 'one for an op',
      hint: `call unregisterKernel(${record.name}, '${backend}') before`,
    })
  }
  // Calls have the names of this op, which its type does not show.
  addRegistration(backend, record, kernel as HandWrittenKernel)
  setClaims(findClaims)
}

/** Takes a kernel away and returns it; undefined if there was none. Plans are made anew. */
export function unregisterKernel(op: object, backend: string): HandWrittenKernel | undefined {
  const kernel = removeRegistration(backend, recordOf('unregisterKernel', op))
  setClaims(findClaims)
  return kernel
}

function recordOf(caller: string, op: object): Primitive {
  const record = opOf(op)
  if (record !== undefined) return record
  throw new ArgumentError(caller, {
    got: `${typeof op === 'function' ? `the function ${op.name}` : 'an object'} that is no op`,
    wanted: 'a composite, a function of one op, or the record of an op',
    hint: 'name a function of several ops with defineComposite',
  })
}
