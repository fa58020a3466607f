import { describe, expect, test } from 'vitest'
import { findCase } from '../cases/index.ts'
import { studies } from '../studies.ts'
import { peers } from '../subjects/peers.ts'
import { backends } from '../subjects/tensorweft/index.ts'
import { gpuTargets } from './gpu-targets.ts'
import { canBeQuick, only, quick } from './quick.ts'
import { wasmTargets } from './wasm-targets.ts'

describe.each([wasmTargets, gpuTargets])('$name', (set) => {
  test('names only what exists', () => {
    expect(backends.has(set.backend)).toBe(true)
    expect(set.peers.filter((name) => !peers.has(name))).toEqual([])
    const known = studies.map(({ name }) => name)
    expect(set.studies.filter((name) => !known.includes(name))).toEqual([])
    for (const name of [set.meter.case, ...set.machine]) expect(findCase(name).name).toBe(name)
  })

  test.each(set.cases)('$case can be measured as required', ({ case: name, ...target }) => {
    const { flops, bytes } = findCase(name)
    const metered = findCase(set.meter.case).flops === undefined ? bytes : flops
    const measured = target.peers ?? set.peers
    for (const requirement of target.requirements) {
      if (requirement.kind === 'share') expect(metered).toBeGreaterThan(0)
      if (requirement.kind === 'rate') expect(flops).toBeGreaterThan(0)
      if (requirement.kind === 'peer') expect(measured).toContain(requirement.peer)
      if (requirement.kind === 'own') expect(requirement.threads).toBeGreaterThan(1)
    }
  })
})

describe('quick', () => {
  test('takes small cases of the same kind, with nothing to reach', () => {
    expect(canBeQuick(wasmTargets)).toBe(false)
    expect(canBeQuick(gpuTargets)).toBe(true)
    const small = quick(gpuTargets)
    expect(small.cases).toHaveLength(gpuTargets.cases.length)
    expect(small.cases.flatMap(({ requirements }) => requirements)).toEqual([])
    expect(small.machine).toEqual([small.meter.case])
    small.cases.forEach(({ case: name }, i) => {
      const [here, there] = [findCase(name), findCase(gpuTargets.cases[i]?.case ?? '')]
      const size = ({ flops = 0, bytes = 0 }) => flops + bytes
      expect(size(here)).toBeGreaterThan(0)
      expect(size(here)).toBeLessThan(size(there) / 5)
    })
  })
})

test('only keeps the cases and studies whose name holds a part', () => {
  const chosen = only(wasmTargets, ['mlp', 'memory'])
  expect(chosen.cases.map((one) => one.case)).toEqual(['mlp-sgd', 'mlp-adam'])
  expect(chosen.studies).toEqual(['memory-1000'])
})
