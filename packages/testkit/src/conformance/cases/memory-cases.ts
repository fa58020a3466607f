import {
  compile,
  gradients,
  matmul,
  mean,
  Parameter,
  realize,
  sizeOf,
  sum,
  type Tensor,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { type RecordingBackend, recordBackend } from '../../recording/record-backend.ts'
import type { CaseDefinition } from '../case.ts'
import { ConformanceError, check } from '../conformance-error.ts'
import { fractions } from './kernel-case.ts'

const steps = 1000

function data(...shape: number[]): Tensor {
  const size = shape.reduce((n, extent) => n * extent, 1)
  return tensor(fractions('float32', size, shape.length), { shape, dtype: 'float32' })
}

/** One step of gradient descent for a small network. */
function trainingStep(): { run: (x: Tensor) => Tensor; parameters: Parameter[] } {
  const parameters = [data(9, 16), data(16), data(16, 4)].map((value) => new Parameter(value))
  const run = compile((x: Tensor) => {
    const [w1, b1, w2] = parameters.map((parameter) => parameter.value)
    if (w1 === undefined || b1 === undefined || w2 === undefined) throw new Error('no parameters')
    const loss = mean(matmul(matmul(x, w1).add(b1).relu(), w2).square())
    const slopes = gradients(loss, parameters)
    for (const [i, slope] of slopes.entries()) {
      const parameter = parameters[i]
      parameter?.assign(parameter.value.sub(slope.mul(0.01)))
    }
    return loss
  })
  return { run: (x) => run(x), parameters }
}

async function checkSteadyState(backend: RecordingBackend): Promise<void> {
  const { run, parameters } = trainingStep()
  const x = data(8, 9)
  const step = async () => {
    const loss = await withBackend(backend, async () => run(x))
    loss.dispose()
  }
  for (let n = 0; n < 3; n++) await step()
  await backend.finish()
  backend.resetRecord()
  const before = backend.record
  for (let n = 0; n < steps; n++) {
    await step()
    // As the trainer does, so that what is enqueued does not pile up.
    if (n % 8 === 7) await backend.finish()
  }
  await backend.finish()
  const { bytesHeld, buffersHeld, peakBytes, plansCompiled } = backend.record
  check(plansCompiled === 0, `${plansCompiled} plans were compiled after the first steps`)
  const weights = parameters.reduce((bytes, { shape }) => bytes + 4 * sizeOf(shape), 0)
  const grown = peakBytes - before.bytesHeld
  check(grown < weights, `a step took ${grown} bytes beside weights of ${weights}: not in place`)
  // Fewer are no leak: what earlier cases left may be collected meanwhile.
  if (bytesHeld <= before.bytesHeld && buffersHeld <= before.buffersHeld) return
  throw new ConformanceError(
    `${steps} steps began with ${before.bytesHeld} bytes in ${before.buffersHeld} buffers ` +
      `and ended with ${bytesHeld} in ${buffersHeld}`,
  )
}

async function checkEagerLoop(backend: RecordingBackend): Promise<void> {
  let x = data(64)
  await withBackend(backend, () => x.data())
  backend.resetRecord()
  const before = backend.record.bytesHeld
  for (let n = 0; n < 100; n++) {
    const next = x.mul(0.5)
    await withBackend(backend, () => next.data())
    x.dispose()
    x = next
  }
  const { bytesHeld, plansCompiled } = backend.record
  // The scratch memory of the one plan stays.
  const arena = backend.plans.reduce((bytes, plan) => bytes + plan.arenaByteLength, 0)
  check(plansCompiled <= 1, `a loop of the same ops compiled ${plansCompiled} plans`)
  check(
    bytesHeld <= before + arena,
    `a loop that disposes went from ${before} to ${bytesHeld} bytes`,
  )
}

const mebibyte = 2 ** 20

function chainOf20(x: Tensor): Tensor {
  let y = x
  for (let i = 0; i < 20; i++) y = i % 2 === 0 ? y.mul(1.01) : y.add(0.5).tanh()
  return y
}

/** Peak of the chain with its input and its result, both of 4 MiB. */
async function checkPeak(
  what: string,
  chain: (x: Tensor) => Tensor,
  backend: RecordingBackend,
): Promise<void> {
  const before = backend.record.bytesHeld
  const input = tensor(new Float32Array(mebibyte))
  const result = await withBackend(backend, async () => {
    const y = chain(input)
    await realize(y)
    return y
  })
  const peak = (backend.record.peakBytes - before) / mebibyte
  const first = await withBackend(backend, () => sum(result).item())
  check(Number.isFinite(first), `the chain gave ${first}`)
  check(peak >= 8, `${what}: 4 MiB and a result of 4 MiB took ${peak.toFixed(1)} MiB`)
  check(peak <= 12, `${what}: 20 ops on 4 MiB took ${peak.toFixed(1)} MiB at the peak`)
  input.dispose()
  result.dispose()
}

/** What is held goes back to what it was. */
export const memoryCases: readonly CaseDefinition[] = [
  {
    name: `memory: ${steps} compiled steps end with the bytes they began with`,
    body: ({ backend }) => checkSteadyState(recordBackend(backend)),
  },
  {
    name: 'memory: a loop that disposes of its tensors stays flat, with one plan',
    body: ({ backend }) => checkEagerLoop(recordBackend(backend)),
  },
  {
    name: 'memory: a chain of 20 elementwise ops over 4 MiB peaks at 12 MiB',
    body: async ({ backend }) => {
      await checkPeak('compiled', compile(chainOf20), recordBackend(backend))
      await checkPeak('at once', chainOf20, recordBackend(backend))
    },
  },
]
