export type { Approximation } from './approximation.ts'
export { describeMismatches, findMismatches, type Mismatch } from './compare.ts'
export { evaluateReference, type ReferenceOptions } from './evaluate.ts'
export type { ReferenceRule } from './rules.ts'
