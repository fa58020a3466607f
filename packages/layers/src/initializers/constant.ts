import { full } from '@tensorweft/core'
import type { Initializer } from './initializer.ts'

/** Every element `value`, by default 0. */
export function constant(value = 0): Initializer {
  return (shape) => full(shape, value)
}

/** Every element 0. */
export function zeros(): Initializer {
  return constant(0)
}

/** Every element 1. */
export function ones(): Initializer {
  return constant(1)
}
