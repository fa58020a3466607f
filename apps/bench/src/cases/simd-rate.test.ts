import { expect, test } from 'vitest'
import { findCase } from './index.ts'
import { encodeRate, simulate } from './simd-rate.ts'

test('the module is valid, where the engine knows its instructions', () => {
  expect(WebAssembly.validate(encodeRate('plain'))).toBe(true)
  const nodeVersion = Number(process.versions.node.split('.')[0])
  expect(WebAssembly.validate(encodeRate('relaxed'))).toBe(nodeVersion >= 22)
})

test.each(['simd-rate', 'simd-rate-relaxed'])(
  'a step of %s computes what JavaScript does',
  async (name) => {
    const { contenders, absentees = [], expected } = await findCase(name).prepare([])
    const [contender] = contenders
    await contender?.step()
    const [sum = Number.NaN] = Array.from((await contender?.result()) ?? [])
    if (contender !== undefined)
      expect(sum).toBeCloseTo(expected[0] ?? 0, name === 'simd-rate' ? 12 : 4)
    expect(contenders.length + absentees.length).toBe(1)
  },
)

test('the values stay apart, so that no iteration is for nothing', () => {
  expect(simulate(4096)).not.toBe(simulate(4095))
})
