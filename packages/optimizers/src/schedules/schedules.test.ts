import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  compile,
  Parameter,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { recordBackend } from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  constant,
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  linearWarmup,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  type Schedule,
  sgd,
  stepDecay,
  warmupCosine,
} from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const ratesOf = (schedule: Schedule, ...steps: number[]) =>
  schedule(tensor(steps, { dtype: 'int32' })).array()

describe('options outside their range are refused', () => {
  const [initialLearningRate, decaySteps, decayRate] = [0.1, 10, 0.5]
  test.each([
    ['learningRate', () => constant({ learningRate: -1 })],
    ['initialLearningRate', () => cosineDecay({ initialLearningRate: Number.NaN, decaySteps })],
    ['decaySteps', () => cosineDecay({ initialLearningRate, decaySteps: 0 })],
    ['decaySteps', () => cosineDecay({ initialLearningRate, decaySteps: 2.5 })],
    ['alpha', () => cosineDecay({ initialLearningRate, decaySteps, alpha: 2 })],
    ['decayRate', () => exponentialDecay({ initialLearningRate, decaySteps, decayRate: 0 })],
    ['decayRate', () => inverseTimeDecay({ initialLearningRate, decaySteps, decayRate: -1 })],
    ['stepSize', () => stepDecay({ initialLearningRate, decayRate, stepSize: -1 })],
    ['power', () => polynomialDecay({ initialLearningRate, decaySteps, power: 0 })],
    ['tMul', () => cosineDecayRestarts({ initialLearningRate, firstDecaySteps: 5, tMul: 0.5 })],
    ['mMul', () => cosineDecayRestarts({ initialLearningRate, firstDecaySteps: 5, mMul: 0 })],
    ['warmupSteps', () => linearWarmup({ warmupSteps: 0, schedule: 0.1 })],
    ['peakLearningRate', () => warmupCosine({ peakLearningRate: -1, warmupSteps: 1, decaySteps })],
    [
      'values [1, 2]; wanted one more than the 2 boundaries',
      () => piecewiseConstant({ boundaries: [1, 2], values: [1, 2] }),
    ],
    ['boundaries [2, 2]', () => piecewiseConstant({ boundaries: [2, 2], values: [1, 2, 3] })],
    ['values [1, -1]', () => piecewiseConstant({ boundaries: [2], values: [1, -1] })],
    ['percentStart 0.1', () => oneCycle({ maxLearningRate: 1, totalSteps: 10, percentStart: 0.1 })],
    ['percentStart 1', () => oneCycle({ maxLearningRate: 1, totalSteps: 10, percentStart: 1 })],
  ])('%s', (message, make) => {
    expect(make).toThrow(ArgumentError)
    expect(make).toThrow(message)
  })
})

describe('inverseTimeDecay', () => {
  const options = { initialLearningRate: 1, decayRate: 0.5, decaySteps: 10 }

  test('divides by what grows with the step', async () => {
    const rates = await ratesOf(inverseTimeDecay(options), 0, 5, 20, 60)
    expect(rates).toEqual([1, 0.8, 0.5, 0.25].map(Math.fround))
  })

  test('as a staircase changes at multiples only', async () => {
    const rates = await ratesOf(inverseTimeDecay({ ...options, staircase: true }), 19, 20, 29)
    expect(rates).toEqual([2 / 3, 0.5, 0.5].map(Math.fround))
  })
})

describe('linearWarmup', () => {
  test('leads from its start to the first rate of what follows', async () => {
    const schedule = linearWarmup({
      initialLearningRate: 0.5,
      warmupSteps: 2,
      schedule: piecewiseConstant({ boundaries: [0], values: [1, 4] }),
    })
    expect(await ratesOf(schedule, 0, 1, 2, 3)).toEqual([0.5, 0.75, 1, 4])
  })

  test('takes a number for what follows', async () => {
    const schedule = linearWarmup({ warmupSteps: 4, schedule: 1 })
    expect(await ratesOf(schedule, 0, 1, 4, 1000)).toEqual([0, 0.25, 1, 1])
  })
})

describe('cosineDecayRestarts', () => {
  test('restarts at the right step, however many periods there were', async () => {
    const schedule = cosineDecayRestarts({
      initialLearningRate: 1,
      firstDecaySteps: 10,
      tMul: 3,
      mMul: 0.5,
    })
    const starts = Array.from({ length: 12 }, (_, i) => 5 * (3 ** i - 1))
    expect(await ratesOf(schedule, ...starts)).toEqual(starts.map((_, i) => 0.5 ** i))
    const before = await ratesOf(schedule, ...starts.slice(1).map((start) => start - 1))
    for (const rate of Array.isArray(before) ? before : []) expect(rate).toBeLessThan(0.03)
  })

  test('starts in the middle of a step where periods are no whole numbers', async () => {
    const schedule = cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 1, tMul: 1.5 })
    // Periods begin at 0, 1, 2.5, 4.75.
    const wave = (share: number) => Math.cos((Math.PI / 2) * share) ** 2
    const rates = [...(await schedule(tensor([1, 2, 3, 5], { dtype: 'int32' })).data())]
    const wanted = [1, wave(1 / 1.5), wave(0.5 / 2.25), wave(0.25 / 3.375)]
    rates.forEach((rate, i) => {
      expect(rate).toBeCloseTo(wanted[i] ?? Number.NaN, 6)
    })
  })
})

describe('in an optimiser', () => {
  test('a schedule is computed once per step, in the plan of the step', async () => {
    const backend = recordBackend(cpu())
    await setBackend(backend)
    const parameter = new Parameter(tensor([1, 2, 3]))
    const optimizer = sgd({
      learningRate: warmupCosine({ peakLearningRate: 1, warmupSteps: 2, decaySteps: 4 }),
    })
    const step = compile((slope: Tensor) => optimizer.update([parameter], [slope]))
    step(tensor([1, 1, 1]))
    const [plan] = backend.plans
    // The scalars of the step, and the update.
    expect(plan?.kernels.length).toBe(2)
    const { plansCompiled } = backend.record
    for (let t = 0; t < 2; t++) step(tensor([1, 1, 1]))
    expect(backend.record.plansCompiled).toBe(plansCompiled)
    // The rates are 0, 0.5 and 1.
    expect(await parameter.value.array()).toEqual([-0.5, 0.5, 1.5])
  })

  test('that gives no scalar is refused, and nothing changes', async () => {
    const parameter = new Parameter(tensor([1]))
    const optimizer = sgd({ learningRate: (step) => step.cast('float32').reshape([1]) })
    expect(() => optimizer.update([parameter], [tensor([1])])).toThrow(ShapeError)
    expect(await parameter.value.array()).toEqual([1])
  })
})
