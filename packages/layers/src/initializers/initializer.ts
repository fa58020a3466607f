import type { Key, Shape, Tensor } from '@tensorweft/core'

/** Makes the first value of a weight: float32 of the given shape, the same for the same key. */
export type Initializer = (shape: Shape, key: Key) => Tensor
