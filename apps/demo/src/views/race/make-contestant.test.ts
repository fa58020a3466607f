import { afterEach, expect, test, vi } from 'vitest'
import type { Training } from './contestant.ts'
import { makeContestant } from './make-contestant.ts'
import { makeProblem } from './problem.ts'

const digits = { images: new Float32Array(128 * 784), labels: new Int32Array(128) }
const problem = makeProblem('cnn', 'adam', digits)

afterEach(() => vi.unstubAllGlobals())

/** Each step takes 10 ms, and half of the loss. */
function training(): Training {
  let loss = 2
  let now = 0
  vi.stubGlobal('performance', { now: () => now })
  return {
    threads: 3,
    step() {
      loss /= 2
      now += 10
    },
    readLoss: async () => loss,
    finish: async () => {},
  }
}

test('tells losses and times of steps', async () => {
  const contestant = makeContestant(async () => training())
  expect(await contestant.start('cpu', problem)).toEqual({ threads: 3 })
  expect(await contestant.check(3)).toEqual({ losses: [1, 0.5, 0.25], stepsMs: [10, 10] })
  expect(await contestant.run(4)).toBe(40)
})

test('says why it cannot take part', async () => {
  const contestant = makeContestant(async () => ({ unable: 'No kernel.' }))
  expect(await contestant.start('wasm', problem)).toEqual({ unable: 'No kernel.' })
  await expect(contestant.run(1)).rejects.toThrow('before it has started')
})

test.each([
  [{}, true, 'This browser has no WebGPU.'],
  [{ gpu: {} }, false, 'Browsers give WebGPU only to pages from https or localhost.'],
  [
    { gpu: { requestAdapter: async () => null } },
    true,
    'This browser found no GPU that it may use.',
  ],
])('says what is missing for webgpu: %o', async (navigator, isSecureContext, unable) => {
  vi.stubGlobal('navigator', navigator)
  vi.stubGlobal('isSecureContext', isSecureContext)
  const contestant = makeContestant(async () => training())
  expect(await contestant.start('webgpu', problem)).toEqual({ unable })
})
