import { checkRandomGraphs, conformanceSuite } from '@tensorweft/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { wasm } from './index.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'

const suite = conformanceSuite(() => wasm(), {}, wasm())

describe('conformance', () => {
  afterAll(() => suite.dispose())
  for (const { name, skip, run } of suite.cases) {
    test(skip === undefined ? name : `${name} (fails: ${skip})`, () => run())
  }
})

const timeout = isFull ? 600_000 : 120_000

test('random graphs agree with the reference', { timeout }, async () => {
  const count = isFull ? 5000 : 150
  const { graphs } = await checkRandomGraphs(wasm(), { count })
  expect(graphs).toBe(count)
})
