import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runExample } from './program.testing.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-rings-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** With least squares a cloud may be lost, as the program says. */
const objectives =
  process.env.TENSORWEFT_FULL === '1'
    ? ['non-saturating', 'minimax', 'hinge', 'wasserstein-gp']
    : ['non-saturating']

test.each(objectives)('%s covers all of the ring', { timeout: 180_000 }, async (objective) => {
  const picture = join(folder, `${objective}.png`)
  const args = ['--objective', objective, '--picture', picture]
  const { exitCode, stdout, stderr } = await runExample('gan-rings', args)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout.match(/^Step: \d{5} /gm)).toHaveLength(10)
  const [, near] = /^Near a cloud: (\d\.\d+)$/m.exec(stdout) ?? []
  expect(Number(near)).toBeGreaterThanOrEqual(0.8)
  const [, shares = ''] = /^In each: (.+)$/m.exec(stdout) ?? []
  const numbers = shares.split(' ').map(Number)
  expect(numbers).toHaveLength(8)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0.05)
  expect(stdout).toContain(`Wrote ${picture}`)
  expect([...readFileSync(picture).subarray(1, 4)]).toEqual([80, 78, 71])
})
