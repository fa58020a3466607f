import { ArgumentError } from '@tensorweft/core'
import { constant, ones, zeros } from './constant.ts'
import { glorotNormal, glorotUniform } from './glorot.ts'
import { heNormal, heUniform } from './he.ts'
import { identity } from './identity.ts'
import type { Initializer } from './initializer.ts'
import { lecunNormal, lecunUniform } from './lecun.ts'
import { orthogonal } from './orthogonal.ts'
import { randomNormal, randomUniform, truncatedNormal } from './random.ts'
import { varianceScaling } from './variance-scaling.ts'

/** Those that need no argument. */
const byName = {
  zeros,
  ones,
  constant,
  identity,
  orthogonal,
  varianceScaling,
  randomNormal,
  randomUniform,
  truncatedNormal,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
}

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
