import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import { runSmoke } from './run-smoke.testing.ts'

describeOnDevice('in Node', (backend) => {
  test('every kind of kernel computes what cpu does', async () => {
    expect((await runSmoke(backend())).failed).toEqual([])
  })
})
