import { withBackend } from '@tensorweft/core'
import { checkGolden } from '../../goldens/check-golden.ts'
import type { GoldenCase, GoldenFamily } from '../../goldens/golden-case.ts'
import { loadGoldens } from '../../goldens/load-goldens.ts'
import { goldenOps } from '../../goldens/ops/index.ts'
import type { CaseDefinition } from '../case.ts'
import { ConformanceError } from '../conformance-error.ts'

/** Families whose ops are core's; the others belong to packages that have their functions. */
export const goldenFamilies: readonly GoldenFamily[] = [
  'conv',
  'elementwise',
  'linalg',
  'losses',
  'norm',
  'reductions',
  'secondOrder',
  'shape',
]

/** Cases whose results are read together. */
const batchSize = 16

let loaded: Promise<readonly GoldenCase[]> | undefined

function allGoldens(): Promise<readonly GoldenCase[]> {
  loaded ??= Promise.all(goldenFamilies.map(loadGoldens)).then((lists) => lists.flat())
  return loaded
}

/** The op that a case is about: that of a second derivative, too. */
export function aboutOp({ op, attributes }: GoldenCase): string {
  return op === 'vjp' ? String(attributes.op) : op
}

/** Reference values of other frameworks: one case an op, with its gradients of both orders. */
export const goldenCases: readonly CaseDefinition[] = Object.keys(goldenOps)
  .filter((op) => op !== 'vjp')
  .map((op) => ({
    name: `goldens: ${op}`,
    body: async ({ backend }) => {
      const cases = (await allGoldens()).filter((golden) => aboutOp(golden) === op)
      if (cases.length === 0) throw new ConformanceError(`there are no reference values of ${op}`)
      const problems: string[] = []
      for (let i = 0; i < cases.length; i += batchSize) {
        const batch = cases.slice(i, i + batchSize)
        const found = batch.map((golden) => withBackend(backend, () => problemsOf(golden)))
        problems.push(...(await Promise.all(found)).flat())
      }
      if (problems.length > 0) throw new ConformanceError(problems.join('\n'))
    },
  }))

async function problemsOf(golden: GoldenCase): Promise<string[]> {
  return (await checkGolden(golden)).map((problem) => `${golden.name}: ${problem}`)
}
