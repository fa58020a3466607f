import { cpu } from '@tensorweft/backend-cpu'
import * as core from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkGolden } from './check-golden.ts'
import type { GoldenCase } from './golden-case.ts'
import { loadGoldens } from './load-goldens.ts'
import { missingGoldenCases, missingGoldenOps } from './missing.ts'
import { goldenOps } from './ops/index.ts'

// The other families are tested with the packages that have their functions.
const families = [
  'attention',
  'conv',
  'elementwise',
  'linalg',
  'losses',
  'norm',
  'recurrent',
  'reductions',
  'secondOrder',
  'shape',
] as const

const cases = new Map<string, GoldenCase[]>()
for (const family of families) cases.set(family, await loadGoldens(family))
const all = [...cases.values()].flat()

beforeAll(async () => {
  await core.setBackend(cpu())
})

/** The op that a case needs of core; a second derivative needs the op that it is the gradient of. */
function neededOp({ op, attributes }: GoldenCase): string {
  return op === 'vjp' ? String(attributes.op) : op
}

const isMissing = (golden: GoldenCase) =>
  neededOp(golden) in missingGoldenOps || golden.name in missingGoldenCases

/** What differs, also where the case cannot be computed at all. */
async function problemsOf(golden: GoldenCase): Promise<string[]> {
  try {
    return await checkGolden(golden)
  } catch (error) {
    return [String(error)]
  }
}

describe.each(families)('core agrees with the reference values of %s:', (family) => {
  const computed = cases.get(family)?.filter((golden) => !isMissing(golden)) ?? []
  test.each(computed.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    expect(await problemsOf(golden)).toEqual([])
  })
})

describe('what is listed as missing', () => {
  test('are ops of the reference values that core does not have', () => {
    const needed = new Set(all.map(neededOp))
    for (const op of Object.keys(missingGoldenOps)) {
      expect(needed).toContain(op)
      expect(Object.keys(core)).not.toContain(op)
      expect(Object.keys(goldenOps)).not.toContain(op)
    }
  })

  test.each(Object.keys(missingGoldenCases))('%s is a case that fails', async (name) => {
    const golden = all.find((candidate) => candidate.name === name)
    expect(golden).toBeDefined()
    if (golden !== undefined) expect(await problemsOf(golden)).not.toEqual([])
  })
})
