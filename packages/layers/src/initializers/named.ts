import { ArgumentError } from '@tensorweft/core'
import * as initializers from './index.ts'
import type { Initializer } from './initializer.ts'

/** Those that the package exports need no argument. */
const byName = { ...initializers }

/** An initialiser by Keras' name, in the spelling of this package. */
export type InitializerName = keyof typeof byName

/** The initialiser that an option of a layer names or is. Throws ArgumentError for other names. */
export function initializerOf(op: string, choice: Initializer | InitializerName): Initializer {
  if (typeof choice === 'function') return choice
  if (Object.hasOwn(byName, choice)) return byName[choice]()
  throw new ArgumentError(op, {
    got: `the initialiser '${choice}'`,
    wanted: `one of ${Object.keys(byName).join(', ')}, or a function`,
  })
}
