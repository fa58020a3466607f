import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { findCase } from '../cases/index.ts'
import { usedGpuName } from '../gpu/provide-gpu.ts'
import { runCase } from '../run.ts'
import type { Subject } from '../subject.ts'
import { describeSubject } from './describe-subject.testing.ts'
import type { LoadSubject } from './load-subject.ts'
import { peers } from './peers.ts'
import { backends } from './tensorweft/index.ts'

useSwiftShader('subjects')
// A GPU in software compiles a large kernel for a second.
vi.setConfig({ testTimeout: 120_000 })

const made: Promise<Subject>[] = []
afterAll(async () => {
  for (const subject of made) await (await subject).dispose()
})

/** One subject for all tests, so that what they have in common is compiled once. */
function once(load: LoadSubject | undefined): LoadSubject | undefined {
  let subject: Promise<Subject> | undefined
  return async (options) => {
    if (load === undefined) throw new Error('nothing to load')
    if (subject === undefined) {
      subject = load(options)
      made.push(subject)
    }
    return { ...(await subject), dispose: async () => {} }
  }
}

const subjects = [
  { name: 'tensorweft/webgpu', load: once(backends.get('webgpu')), threads: 1 },
  ...['tfjs-webgpu', 'jax-js-webgpu'].map((name) => ({
    ...{ name, load: once(peers.get(name)), threads: 1 },
  })),
]

describe.skipIf(chromium === undefined)('WebGPU', () => {
  test.each([false, true])('copies from buffer to buffer; enqueued: %s', async (isQueued) => {
    const limits = {
      ...{ warmUpMs: 0, budgetMs: 1, minRounds: 2, maxRounds: 2, maxBurst: 3, slowMs: 50_000 },
    }
    const { rows } = await runCase(findCase('copy-1000'), [], { limits, isQueued })
    expect(rows).toMatchObject([{ subject: 'copyBufferToBuffer', bytes: 8000 }])
    expect(await usedGpuName()).toMatch(/SwiftShader/)
  })

  describe.each(subjects)('$name', describeSubject)
})
