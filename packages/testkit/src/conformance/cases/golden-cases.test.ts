import { expect, test } from 'vitest'
import { loadGoldens } from '../../goldens/load-goldens.ts'
import { missingGoldenOps } from '../../goldens/missing.ts'
import { aboutOp, goldenCases, goldenFamilies } from './golden-cases.ts'

test('the cases of the suite hold every reference value, but those that are listed as missing', async () => {
  const named = new Set(goldenCases.map(({ name }) => name))
  const all = (await Promise.all(goldenFamilies.map(loadGoldens))).flat()
  const left = all.filter((golden) => !named.has(`goldens: ${aboutOp(golden)}`)).map(aboutOp)
  expect(all.length).toBeGreaterThan(850)
  expect(left.filter((op) => !(op in missingGoldenOps))).toEqual([])
})
