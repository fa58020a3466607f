import { lookUp } from '../option-values.ts'
import * as initializers from './index.ts'
import type { Initializer } from './initializer.ts'

/** Those that the package exports need no argument. */
const byName = { ...initializers }

/** An initialiser by Keras' name, in the spelling of this package. */
export type InitializerName = keyof typeof byName

/** The initialiser that an option of a layer names or is. Throws ArgumentError for other names. */
export function initializerOf(
  op: string,
  option: string,
  choice: Initializer | InitializerName,
): Initializer {
  return typeof choice === 'function' ? choice : lookUp(op, option, choice, byName)()
}
