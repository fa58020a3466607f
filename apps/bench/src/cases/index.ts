import { BenchError } from '../errors.ts'
import type { BenchCase } from './bench-case.ts'
import { callFamilies } from './calls.ts'
import { cnnFamilies } from './cnn.ts'
import { convolutionFamily } from './convolution.ts'
import { copyFamily } from './copy.ts'
import { dcganFamily } from './dcgan.ts'
import { elementwiseFamilies } from './elementwise.ts'
import { firstStepFamilies } from './first-step.ts'
import { matmulFamily } from './matmul.ts'
import { mlpFamilies } from './mlp.ts'
import { rowsFamilies } from './rows.ts'
import { simdRateFamilies } from './simd-rate.ts'
import { sumFamily } from './sum.ts'

const families = [
  matmulFamily,
  ...mlpFamilies,
  ...cnnFamilies,
  convolutionFamily,
  dcganFamily,
  ...elementwiseFamilies,
  ...rowsFamilies,
  sumFamily,
  copyFamily,
  ...callFamilies,
  ...firstStepFamilies,
  ...simdRateFamilies,
]

/** Names that stand for several cases. */
const groups: ReadonlyMap<string, readonly string[]> = new Map([
  ['first-step', firstStepFamilies.map((family) => family.pattern)],
])

/** How the names of all cases read. */
export const casePatterns: readonly string[] = [
  ...families.map((family) => family.pattern),
  ...[...groups].map(([name, cases]) => `${name} (${cases.join(' and ')})`),
]

/** The names of the cases that a name on the command line stands for. */
export function expandName(name: string): readonly string[] {
  return groups.get(name) ?? [name]
}

/** The case of that name. Throws a `BenchError` that lists what exists. */
export function findCase(name: string, existing: string = casePatterns.join(', ')): BenchCase {
  for (const family of families) {
    const found = family.parse(name)
    if (found !== undefined) return found
  }
  throw new BenchError(`Unknown case '${name}'; cases: ${existing}.`)
}
