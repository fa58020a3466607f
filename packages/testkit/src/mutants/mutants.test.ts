import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Mutant, mutants } from './mutants.testing.ts'

const mutate = fileURLToPath(new URL('mutate.testing.ts', import.meta.url))
const program = fileURLToPath(new URL('hunt.testing.ts', import.meta.url))

/** What random graphs say about core with one line changed. */
async function hunt({ file, from, to }: Mutant): Promise<string> {
  const mutation = JSON.stringify({ file: `/core/src/${file}`, from, to })
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@tensorweft/source', '--import', mutate, program, '20000'],
    { env: { ...process.env, TENSORWEFT_MUTATION: mutation } },
  )
  return stdout
}

// Each takes a process and some seconds: a few always, all of them in the long run.
const isFull = process.env.TENSORWEFT_FULL === '1'
const hunted = isFull ? mutants : mutants.slice(0, 2)

describe('random graphs catch', () => {
  test.each(hunted)(
    '$what',
    async (mutant) => {
      expect(await hunt(mutant)).toContain('caught')
    },
    300_000,
  )
})
