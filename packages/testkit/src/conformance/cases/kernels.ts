import type { CaseDefinition } from '../case.ts'
import { contractCases } from './contract-kernels.ts'
import { float16Cases } from './float16-cases.ts'
import { gatherCases } from './gather-steps.ts'
import { mapCases } from './map-kernels.ts'
import { planCases } from './plan-cases.ts'
import { reduceCases } from './reduce-kernels.ts'
import { rowCases } from './row-kernels.ts'
import { scanCases } from './scan-kernels.ts'
import { scatterCases } from './scatter-kernels.ts'
import { sortCases } from './sort-kernels.ts'

/** Every kernel kind and kind of step, on plans written by hand. */
export const kernelCases: readonly CaseDefinition[] = [
  ...mapCases,
  ...float16Cases,
  ...gatherCases,
  ...reduceCases,
  ...rowCases,
  ...contractCases,
  ...scanCases,
  ...sortCases,
  ...scatterCases,
  ...planCases,
]
