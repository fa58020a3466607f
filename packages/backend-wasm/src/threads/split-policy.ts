import type { SplitPolicy } from '@tensorweft/core'
import { costOf } from './cost.ts'
import type { Policy } from './policy.ts'

/** Results that are so few do not give threads enough to do, one by one. */
const mostResults = { reduce: 128, contract: 2048 }
const chunks = { least: 4, most: 16 }

/**
 * Which reductions become partial results that threads share: long ones to few results. The number
 * of threads has no part in it, so that results do not depend on it.
 */
export function splitPolicy({ splitCost }: Policy): SplitPolicy {
  return {
    chunks: (kernel, results) => {
      const most = kernel.kind === 'contract' ? mostResults.contract : mostResults.reduce
      return results <= most && costOf(kernel) >= splitCost ? chunks : undefined
    },
  }
}
