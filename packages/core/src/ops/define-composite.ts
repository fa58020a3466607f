import type { DType } from '../dtype.ts'
import { isPlainData } from '../graph/attribute-text.ts'
import { linkOp } from '../graph/link-op.ts'
import { type NodeSource, type Primitive, Tensor } from '../graph/tensor.ts'
import { makeTensor } from './define-op.ts'

/**
 * Gives a function of tensors a name in the graph. The graph records a region with the inputs of
 * the call and the ops inside, through which gradients flow as always; kernels and `explain` show
 * the name.
 *
 * @param name Name of the region, for example `gelu`.
 * @param fn A function of tensors and plain data, made of ops.
 * @param names Names of its arguments, for kernels that are registered for it.
 * @example
 * ```ts
 * import { defineComposite, type Tensor } from '@tensorweft/core'
 *
 * const softcap = defineComposite(
 *   'softcap',
 *   (x: Tensor, cap: number) => x.div(cap).tanh().mul(cap),
 *   ['x', 'cap'],
 * )
 * ```
 */
export function defineComposite<A extends readonly unknown[], D extends DType>(
  name: string,
  fn: (...args: A) => Tensor<D>,
  names: readonly string[] = [],
): (...args: A) => Tensor<D> {
  const region: Primitive = {
    name,
    isRegion: true,
    infer: ({ result }) => given(result),
    lower: ({ result }, { at }) => given(result).at(...at),
    vjp: (dy) => ({ result: dy }),
  }
  return linkOp((...args: A) => {
    const result = fn(...args).node
    const named = args.map((arg, i) => [names[i] ?? `argument${i}`, arg] as const)
    const tensors = named.flatMap(([name, arg]) =>
      arg instanceof Tensor ? [{ name, node: arg.node }] : [],
    )
    const others = named.filter(([, arg]) => !(arg instanceof Tensor))
    const source: NodeSource = {
      kind: 'op',
      op: region,
      attributes: {},
      names: ['result', ...tensors.map(({ name }) => name)],
      options: others.every(([, arg]) => isPlainData(arg))
        ? Object.fromEntries(others)
        : 'not plain',
    }
    return makeTensor<D>(source, [result, ...tensors.map(({ node }) => node)], result)
  }, region)
}

function given<T>(result: T | undefined): T {
  if (result === undefined) throw new Error('a region without a result')
  return result
}
