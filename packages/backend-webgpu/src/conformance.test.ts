import { chromium } from '@tensorweft/testkit/swift-shader'
import { describeConformance } from '@tensorweft/testkit/vitest'
import { describe } from 'vitest'
import { createOnDevice } from './testing/backends.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'

const subnormal = 'results below 2^-126 become 0, which WGSL leaves to the device'

describe.skipIf(chromium === undefined)('conformance', () => {
  describeConformance('webgpu', async () => (await createOnDevice()).backend, {
    randomGraphs: isFull ? 200 : 12,
    skips: {
      'instructions: div float32': subnormal,
      'instructions: exp float32': subnormal,
      'numbers: sigmoid, tanh and exp saturate': subnormal,
    },
  })
})
