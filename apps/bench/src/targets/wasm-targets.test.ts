import { expect, test } from 'vitest'
import { findCase } from '../cases/index.ts'
import { studies } from '../studies.ts'
import { peers } from '../subjects/peers.ts'
import { backends } from '../subjects/tensorweft/index.ts'
import { wasmTargets } from './wasm-targets.ts'

test('names only what exists', () => {
  expect(backends.has(wasmTargets.backend)).toBe(true)
  expect(wasmTargets.peers.filter((name) => !peers.has(name))).toEqual([])
  const known = studies.map(({ name }) => name)
  expect(wasmTargets.studies.filter((name) => !known.includes(name))).toEqual([])
})

test.each(wasmTargets.cases)('$case can be measured as required', ({ case: name, ...target }) => {
  const { flops } = findCase(name)
  const measured = target.peers ?? wasmTargets.peers
  expect(target.requirements.length).toBeGreaterThan(0)
  for (const requirement of target.requirements) {
    if (requirement.kind === 'share') expect(flops).toBeGreaterThan(0)
    if (requirement.kind === 'peer') expect(measured).toContain(requirement.peer)
    if (requirement.kind === 'own') expect(requirement.threads).toBeGreaterThan(1)
  }
})
