import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'
import { webgpu } from '@tensorweft/backend-webgpu'
import { leavesOf, Parameter, withBackend, zeros } from '@tensorweft/core'
import { adam } from '@tensorweft/optimizers'
import { type RecordingBackend, recordBackend } from '@tensorweft/testkit'
import { useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convolutional, trainingStep } from './networks.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const stepsPerStay = isFull ? 20 : 2

const [onCpu, onWasm] = [recordBackend(cpu()), recordBackend(wasm())]

/** Losses by step, and all parameters with Adam's state at the end. */
interface Run {
  readonly losses: readonly number[]
  readonly values: readonly number[]
}

function parametersIn(tree: unknown): Parameter[] {
  return leavesOf(tree).flatMap(({ leaf }) => (leaf instanceof Parameter ? leaf : []))
}

/** Trains the convolutional network, some steps on each backend; each must do its share alone. */
async function trainOn(stays: readonly RecordingBackend[], forgetsState = false): Promise<Run> {
  const model = convolutional([4, 6])
  const optimizer = adam({ learningRate: 0.01 })
  const step = trainingStep(model, optimizer, [6, 8, 8, 1])
  const losses: number[] = []
  for (const backend of stays) {
    backend.resetRecord()
    for (let n = 0; n < stepsPerStay; n++) {
      losses.push(await withBackend(backend, () => step().item()))
    }
    expect(backend.record.runs).toBeGreaterThanOrEqual(stepsPerStay)
    if (!forgetsState) continue
    for (const kept of parametersIn(optimizer.state)) kept.assign(zeros(kept.shape, kept.dtype))
  }
  const values: number[] = []
  for (const { value } of parametersIn([model.parameters, optimizer.state])) {
    values.push(...(await withBackend(onCpu, () => value.data())))
  }
  return { losses, values }
}

/** The greatest difference, relative to what is wanted where that is beyond 1. */
function difference(got: readonly number[], wanted: readonly number[]): number {
  const differences = wanted.map(
    (value, i) => Math.abs((got[i] ?? Number.NaN) - value) / Math.max(1, Math.abs(value)),
  )
  return Math.max(...differences)
}

const tolerance = 1e-5

describe('training that moves between backends', () => {
  const hasWebGpu = useSwiftShader('training that moves between backends')
  let stayed: Run = { losses: [], values: [] }
  beforeAll(async () => {
    stayed = await trainOn([onCpu, onCpu, onCpu, onCpu, onCpu])
  })

  async function expectToFollow(stays: readonly RecordingBackend[]): Promise<void> {
    const moved = await trainOn(stays)
    expect(difference(moved.losses, stayed.losses)).toBeLessThan(tolerance)
    expect(difference(moved.values, stayed.values)).toBeLessThan(tolerance)
  }

  test('learns, where it stays', () => {
    const [first = 0] = stayed.losses
    expect(stayed.losses.at(-1)).toBeLessThan(first * 0.99)
  })

  test('follows what stays: cpu, wasm, cpu, wasm, cpu', () =>
    expectToFollow([onCpu, onWasm, onCpu, onWasm, onCpu]))

  test('would not if the state of Adam stayed behind', async () => {
    const { values, losses } = await trainOn([onCpu, onCpu, onCpu, onCpu, onCpu], true)
    expect(difference(losses, stayed.losses)).toBeGreaterThan(100 * tolerance)
    expect(difference(values, stayed.values)).toBeGreaterThan(100 * tolerance)
  })

  describe.skipIf(!hasWebGpu)('on WebGPU too', () => {
    let onWebGpu: RecordingBackend | undefined
    afterAll(() => onWebGpu?.dispose())

    test('follows what stays: cpu, wasm, webgpu, wasm, cpu', { timeout: 120_000 }, async () => {
      onWebGpu = recordBackend(await webgpu())
      await expectToFollow([onCpu, onWasm, onWebGpu, onWasm, onCpu])
    })
  })
})
