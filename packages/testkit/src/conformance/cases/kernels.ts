import type { CaseDefinition } from '../case.ts'
import { contractCases } from './contract-kernels.ts'
import { mapCases } from './map-kernels.ts'
import { planCases } from './plan-cases.ts'
import { reduceCases } from './reduce-kernels.ts'
import { rowCases } from './row-kernels.ts'

/** Every kernel kind, on plans written by hand. */
export const kernelCases: readonly CaseDefinition[] = [
  ...mapCases,
  ...reduceCases,
  ...rowCases,
  ...contractCases,
  ...planCases,
]
