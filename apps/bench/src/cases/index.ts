import { BenchError } from '../errors.ts'
import type { BenchCase } from './bench-case.ts'
import { matmulFamily } from './matmul.ts'
import { mlpFamilies } from './mlp.ts'
import { simdRateFamily } from './simd-rate.ts'

const families = [matmulFamily, ...mlpFamilies, simdRateFamily]

/** How the names of all cases read. */
export const casePatterns: readonly string[] = families.map((family) => family.pattern)

/** The case of that name. Throws a `BenchError` that lists what exists. */
export function findCase(name: string): BenchCase {
  for (const family of families) {
    const found = family.parse(name)
    if (found !== undefined) return found
  }
  throw new BenchError(`Unknown case '${name}'; cases: ${casePatterns.join(', ')}.`)
}
