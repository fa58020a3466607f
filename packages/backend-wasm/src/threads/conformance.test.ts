import { checkRandomGraphs, conformanceSuite } from '@tensorweft/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { wasmWith } from '../wasm-backend.ts'
import { eager } from './eager.testing.ts'
import { mirror } from './mirror.testing.ts'

const create = () =>
  mirror([
    wasmWith({ threads: 1 }, eager),
    wasmWith({ threads: 2 }, eager),
    wasmWith({ threads: 3 }, eager),
  ])

const suite = conformanceSuite(create, {}, wasmWith({ threads: 1 }, eager))

describe('the same bits on 1, 2 and 3 threads', () => {
  afterAll(() => suite.dispose())
  for (const { name, skip, run } of suite.cases) {
    test(skip === undefined ? name : `${name} (fails: ${skip})`, () => run())
  }
})

test('random graphs', async () => {
  const backend = create()
  const { graphs } = await checkRandomGraphs(backend, { count: 150 })
  expect(graphs).toBe(150)
  await backend.dispose()
})
