import { describeConformance } from '@tensorweft/testkit/vitest'
import { describe } from 'vitest'
import { createOnDevice } from './testing/backends.testing.ts'
import { chromium } from './testing/chromium.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'

describe.skipIf(chromium === undefined)('conformance', () => {
  describeConformance('webgpu', async () => (await createOnDevice()).backend, {
    randomGraphs: isFull ? 200 : 12,
  })
})
