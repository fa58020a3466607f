import type { DType } from './dtype.ts'
import { Tensor } from './graph/tensor.ts'
import { Parameter } from './runtime/parameter.ts'

/** A leaf, or arrays and plain objects of such trees. */
export type Tree<L> = L | readonly Tree<L>[] | { readonly [name: string]: Tree<L> }

/** The same tree with a tensor of the same dtype for every tensor or parameter. */
export type TensorsLike<T> = T extends Tensor<infer D> | Parameter<infer D>
  ? Tensor<D>
  : T extends object
    ? { [K in keyof T]: TensorsLike<T[K]> }
    : T

/** Whether `value` is a tensor or a parameter. */
export function isTensorLeaf(value: unknown): value is Tensor<DType> | Parameter<DType> {
  return value instanceof Tensor || value instanceof Parameter
}

/** Calls `visit` for every leaf, in order, with its path such as `layers.0.kernel`. */
export function mapTree(
  tree: unknown,
  visit: (leaf: unknown, path: string) => unknown,
  path = '',
): unknown {
  const at = (name: string | number) => (path === '' ? `${name}` : `${path}.${name}`)
  if (Array.isArray(tree)) return tree.map((item, i) => mapTree(item, visit, at(i)))
  if (isPlainObject(tree)) {
    const entries = Object.entries(tree)
    return Object.fromEntries(entries.map(([name, item]) => [name, mapTree(item, visit, at(name))]))
  }
  return visit(tree, path)
}

/** The leaves with their paths, in order. */
export function leavesOf(tree: unknown): { readonly path: string; readonly leaf: unknown }[] {
  const leaves: { path: string; leaf: unknown }[] = []
  mapTree(tree, (leaf, path) => leaves.push({ path, leaf }))
  return leaves
}

/** Whether `value` is an object of its own entries rather than an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
