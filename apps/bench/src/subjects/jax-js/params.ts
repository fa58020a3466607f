import type { JaxArray } from './jax.ts'

/** The trainable arrays of a network by name. */
export type Params<K extends string = string> = Record<K, JaxArray>

/** `fn` takes over both of its arguments, as every function of jax-js does. */
export function mapParams<K extends string>(
  fn: (a: JaxArray, b: JaxArray) => JaxArray,
  a: Params<K>,
  b: Params<K>,
): Params<K> {
  const names = Object.keys(a) as K[]
  return Object.fromEntries(names.map((name) => [name, fn(a[name], b[name])])) as Params<K>
}
