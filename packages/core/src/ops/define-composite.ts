import type { DType } from '../dtype.ts'
import { Tensor } from '../graph/tensor.ts'
import { defineOp } from './define-op.ts'

/**
 * Gives a function of tensors a name in the graph. The graph records a region with the inputs of
 * the call and the ops inside, through which gradients flow as always; kernels and `explain` show
 * the name.
 *
 * @param name Name of the region, for example `gelu`.
 * @param fn A function of tensors and plain data, made of ops.
 * @example
 * ```ts
 * import { defineComposite, type Tensor } from '@tensorweft/core'
 *
 * const softcap = defineComposite('softcap', (x: Tensor, cap: number) =>
 *   x.div(cap).tanh().mul(cap),
 * )
 * ```
 */
export function defineComposite<A extends readonly unknown[], D extends DType>(
  name: string,
  fn: (...args: A) => Tensor<D>,
): (...args: A) => Tensor<D> {
  const region = defineOp<'result', Record<never, never>>({
    name,
    isRegion: true,
    infer: ({ result }) => result,
    lower: ({ result }, { at }) => result.at(...at),
    vjp: (dy) => ({ result: dy }),
  })
  return (...args) => {
    const inputs = args.flatMap((arg, i) => (arg instanceof Tensor ? [[`input${i}`, arg]] : []))
    const named = { result: fn(...args), ...Object.fromEntries(inputs) }
    return region.apply<D>(named, {})
  }
}
