import { expect, test } from 'vitest'
import type { BackendName, FrameworkName } from './contestant.ts'
import { ratiosOf } from './ratios.ts'
import type { Standing } from './runner.ts'

const measured = (framework: FrameworkName, backend: BackendName, stepMs?: number): Standing => ({
  entry: { framework, backend },
  state: 'done',
  ...(stepMs !== undefined && { stepMs }),
})

test('ratios are there for backends on which both were measured, and for the fastest of each', () => {
  const ratios = ratiosOf([
    measured('tensorweft', 'cpu', 20),
    measured('tfjs', 'cpu', 100),
    measured('tensorweft', 'wasm', 2),
    measured('tfjs', 'wasm', 6),
    measured('tensorweft', 'webgpu', 4),
    measured('tfjs', 'webgpu'),
  ])
  expect(ratios.map(({ on, times }) => [on, times])).toEqual([
    ['cpu', 5],
    ['wasm', 3],
    ['fastest', 3],
  ])
})

test('each is taken where it is fastest', () => {
  const [, , fastest] = ratiosOf([
    measured('tensorweft', 'cpu', 20),
    measured('tfjs', 'cpu', 100),
    measured('tensorweft', 'wasm', 40),
    measured('tfjs', 'wasm', 10),
  ])
  expect(fastest).toMatchObject({
    times: 0.5,
    ours: { entry: { backend: 'cpu' } },
    theirs: { entry: { backend: 'wasm' } },
  })
})

test('there is none while only one side was measured', () => {
  expect(ratiosOf([measured('tensorweft', 'cpu', 20), measured('tfjs', 'wasm')])).toEqual([])
})

test('the fastest of each are compared where they are on no backend together', () => {
  const cannot = measured('tfjs', 'wasm')
  const [fastest, ...others] = ratiosOf([
    measured('tfjs', 'cpu', 100),
    measured('tensorweft', 'wasm', 5),
    cannot,
  ])
  expect(fastest).toMatchObject({ on: 'fastest', times: 20 })
  expect(others).toEqual([])
})

test('a single pair is said once', () => {
  const ratios = ratiosOf([measured('tensorweft', 'cpu', 20), measured('tfjs', 'cpu', 100)])
  expect(ratios.map(({ on }) => on)).toEqual(['cpu'])
})
