import { cpu } from '@tensorweft/backend-cpu'
import { BackendError } from '@tensorweft/core'
import { expect, test } from 'vitest'
import type { CaseDefinition } from '../conformance/case.ts'
import { ConformanceError } from '../conformance/conformance-error.ts'
import { evidenceOfCases } from './case-evidence.ts'

const passes: CaseDefinition = { name: 'kernels: sort: rows', body: async () => {} }
const failsWith = (error: Error): CaseDefinition => ({
  name: 'kernels: sort: ties',
  body: () => Promise.reject(error),
})
const wrong = failsWith(new ConformanceError('[1] is 3'))
const refused = failsWith(new BackendError('compile', { got: 'a sort' }))

function evidence(cases: readonly CaseDefinition[], skips = {}) {
  return evidenceOfCases(cases, { backend: cpu(), create: cpu, skips })
}

test('one case that fails is enough, and is the reason', async () => {
  expect(await evidence([passes])).toEqual({ isRight: true })
  expect(await evidence([passes, wrong])).toEqual({
    isRight: false,
    reason: 'kernels: sort: ties: [1] is 3',
  })
})

test('values that are known to be off are a reason, refusing is none', async () => {
  const skips = { 'kernels: sort: t*': 'not stable' }
  const reason = 'not stable'
  expect(await evidence([passes, wrong], skips)).toEqual({ isRight: true, reason })
  expect(await evidence([passes, refused], skips)).toEqual({ isRight: false, reason })
})

test('where capabilities rule out every case nothing is shown', async () => {
  const ruledOut: CaseDefinition = { ...passes, unless: () => 'no int32' }
  expect(await evidence([ruledOut])).toEqual({
    isRight: false,
    reason: 'nothing can show it: no int32',
  })
  expect(await evidence([ruledOut, passes])).toEqual({ isRight: true })
})
