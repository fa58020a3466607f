import type * as Jax from '@jax-js/jax'

export type JaxModule = typeof Jax
export type JaxArray = Jax.Array

/** Its own copy: jax-js wants an array that nobody else writes. */
export function array(
  { numpy: np }: JaxModule,
  values: Float32Array,
  shape: readonly number[],
): JaxArray {
  return np.array(new Float32Array(values)).reshape([...shape])
}
