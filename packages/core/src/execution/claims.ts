import type { Backend } from '../backend.ts'
import type { GraphStructure } from '../graph/structure.ts'
import type { Claims } from '../schedule/claim.ts'

/** Which nodes of a graph are computed by kernels written by hand. */
export type FindClaims = (structure: GraphStructure, backend: Backend) => Claims

const none: Claims = new Map()

// Kept here, so that only programs that register kernels carry the code.
let find: FindClaims = () => none
let version = 0

export function claimsOf(structure: GraphStructure, backend: Backend): Claims {
  return find(structure, backend)
}

/** Grows whenever plans that were made before may not be those that would be made now. */
export function claimsVersion(): number {
  return version
}

export function setClaims(findClaims: FindClaims): void {
  find = findClaims
  version++
}
