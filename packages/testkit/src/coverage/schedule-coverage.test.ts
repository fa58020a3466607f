import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Exception, exceptions } from './exceptions.testing.ts'
import type { UncoveredBlock } from './uncovered.testing.ts'

const program = fileURLToPath(new URL('schedule-graphs.testing.ts', import.meta.url))
const count = process.env.TENSORWEFT_FULL === '1' ? 5000 : 300

/** A process of its own: coverage counts from before the scheduler is loaded, and as it is written. */
async function uncovered(): Promise<UncoveredBlock[]> {
  const args = ['--conditions=@tensorweft/source', program, String(count)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout)
}

function covers({ code, within = '' }: Exception, block: UncoveredBlock): boolean {
  return code.test(block.code) && block.lines.includes(within)
}

describe('random graphs and a few rare ones', () => {
  let blocks: readonly UncoveredBlock[] = []
  beforeAll(async () => {
    blocks = await uncovered()
  }, 600_000)

  test('make every decision of the scheduler, but for what cannot be', () => {
    const missed = blocks.filter((block) => !exceptions.some((one) => covers(one, block)))
    expect(missed).toEqual([])
  })

  test('need every exception', () => {
    const idle = exceptions.filter((one) => !blocks.some((block) => covers(one, block)))
    expect(idle).toEqual([])
  })
})
