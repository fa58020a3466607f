import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Mutant, mutants } from './mutants.testing.ts'

const mutate = fileURLToPath(new URL('mutate.testing.ts', import.meta.url))
const program = fileURLToPath(new URL('hunt.testing.ts', import.meta.url))

/** What random graphs, or the cases that it names, say about core with one line changed. */
async function hunt({ file, from, to, shownBy }: Mutant): Promise<string> {
  const mutation = JSON.stringify({ file: `/core/src/${file}`, from, to })
  const options = ['--conditions=@tensorweft/source', '--import', mutate]
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...options, program, '20000', ...(shownBy === undefined ? [] : [shownBy])],
    { env: { ...process.env, TENSORWEFT_MUTATION: mutation } },
  )
  return stdout
}

// Each takes a process and some seconds: a few always, all of them in the long run.
const isFull = process.env.TENSORWEFT_FULL === '1'
const hunted = isFull ? mutants : mutants.filter(({ shownBy }, i) => i < 2 || shownBy !== undefined)

const core = new URL('../../../core/src/', import.meta.url)

test.each(mutants)('there is one place for: $what', ({ file, from }) => {
  expect(readFileSync(new URL(file, core), 'utf8').split(from)).toHaveLength(2)
})

describe('what is wrong with core is caught', () => {
  test.each(hunted)(
    '$what',
    async (mutant) => {
      expect(await hunt(mutant)).toContain('caught')
    },
    300_000,
  )
})
