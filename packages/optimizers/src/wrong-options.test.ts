import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  constant,
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  linearWarmup,
  lion,
  nadam,
  OptimizerBase,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  radam,
  rmsprop,
  type Schedule,
  sgd,
  stepDecay,
  warmupCosine,
} from './index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

/** As a program in JavaScript calls it. */
type Untyped = (options?: never) => unknown

const optimizers = {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  lion,
  nadam,
  radam,
  rmsprop,
  sgd,
}

const rate = { initialLearningRate: 0.5 }
const decay = { ...rate, decaySteps: 10 }
const schedules = {
  constant: [constant, { learningRate: 0.5 }],
  cosineDecay: [cosineDecay, decay],
  cosineDecayRestarts: [cosineDecayRestarts, { ...rate, firstDecaySteps: 10 }],
  exponentialDecay: [exponentialDecay, { ...decay, decayRate: 0.5 }],
  inverseTimeDecay: [inverseTimeDecay, { ...decay, decayRate: 0.5 }],
  linearWarmup: [linearWarmup, { warmupSteps: 4, schedule: 0.5 }],
  oneCycle: [oneCycle, { maxLearningRate: 0.5, totalSteps: 10 }],
  piecewiseConstant: [piecewiseConstant, { boundaries: [5], values: [0.5, 0.25] }],
  polynomialDecay: [polynomialDecay, decay],
  stepDecay: [stepDecay, { ...rate, decayRate: 0.5, stepSize: 5 }],
  warmupCosine: [warmupCosine, { peakLearningRate: 0.5, warmupSteps: 5, decaySteps: 10 }],
} as const

function expectRefusal(call: () => unknown, message: string) {
  expect(call).toThrow(ArgumentError)
  expect(call).toThrow(message)
}

describe.each(Object.entries(optimizers))('%s', (name, make: Untyped) => {
  test.each([[0.1], [null], ['0.1'], [[0.1]], [Promise.resolve({})]])('refuses %o', (options) => {
    expectRefusal(() => make(options as never), `${name}: options `)
  })

  test.each([
    ['0.1', "'0.1'"],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [{ rate: 1 }, 'object'],
  ])('refuses the learning rate %o', (learningRate, got) => {
    expectRefusal(
      () => make({ learningRate } as never),
      `${name}: learningRate ${got}; wanted a finite number from 0, or a schedule`,
    )
  })

  test('works without options, with undefined ones and with a schedule', async () => {
    const made = optimizers[name as keyof typeof optimizers]
    const byDefault = await made().learningRate.item()
    expect(await made({ learningRate: undefined }).learningRate.item()).toBe(byDefault)
    const scheduled = made({ learningRate: constant({ learningRate: 0.5 }) })
    expect(await scheduled.learningRate.item()).toBe(0.5)
  })
})

test.each([
  [adam, { beta1: '0.9' }, "adam: beta1 '0.9'; wanted a number in [0, 1)"],
  [adamW, { beta2: null }, 'adamW: beta2 null'],
  [adamW, { weightDecay: '0' }, "adamW: weightDecay '0'; wanted a finite number from 0"],
  [adam, { epsilon: '1e-7' }, "adam: epsilon '1e-7'; wanted a positive number"],
  [sgd, { momentum: '0.9' }, "sgd: momentum '0.9'; wanted a number in [0, 1)"],
  [sgd, { nesterov: true }, 'sgd: momentum 0; wanted a number above 0, for nesterov'],
  [sgd, { weightDecay: '0' }, "sgd: weightDecay '0'"],
  [sgd, { clipNorm: '1' }, "sgd: clipNorm '1'; wanted a positive number"],
  [rmsprop, { rho: '0.9' }, "rmsprop: rho '0.9'"],
  [adadelta, { rho: [0.9] }, 'adadelta: rho [0.9]'],
  [lion, { weightDecay: '0.1' }, "lion: weightDecay '0.1'"],
  [radam, { beta2: 0.6 }, 'radam: beta2 0.6; wanted a number in (0.6, 1)'],
  [nadam, { momentumDecay: '0' }, "nadam: momentumDecay '0'"],
  [adagrad, { initialAccumulatorValue: '0' }, "adagrad: initialAccumulatorValue '0'"],
])('an option of %o out of its range is refused: %j', (make, options, message) => {
  expectRefusal(() => make(options as never), message)
})

test("a rule of one's own is checked alike, and when its rate is assigned", async () => {
  class Still extends OptimizerBase {
    protected override readonly slotNames = []
    protected override rule = ({ value }: Parameters<OptimizerBase['rule']>[0]) => ({
      value,
      slots: {},
    })
  }
  expectRefusal(() => new Still('still', { learningRate: '1' as never }), "still: learningRate '1'")
  expectRefusal(() => new Still('still', 1 as never), 'still: options 1; wanted { learningRate')
  expect(await new Still('still', {}).learningRate.item()).toBe(Math.fround(0.001))
  const optimizer = new Still('still', { learningRate: 1 })
  expectRefusal(() => {
    optimizer.learningRate = '0.1' as never
  }, "still: learningRate '0.1'; wanted a finite number from 0")
})

describe.each(Object.entries(schedules))('%s', (name, [make, good]) => {
  const untyped: Untyped = make as never
  const [[required]] = Object.entries(good) as [[string, unknown]]

  test.each([[undefined], [null], [0.1]])('refuses %o', (options) => {
    expectRefusal(() => untyped(options as never), `${name}: options ${options}; wanted { `)
  })

  test.each(Object.keys(good))('needs %s, of its own type', (option) => {
    for (const value of [undefined, null, 'x', Number.NaN]) {
      const call = () => untyped({ ...good, [option]: value } as never)
      const got = typeof value === 'string' ? `'${value}'` : value
      expectRefusal(call, `${name}: ${option} ${got}; wanted `)
    }
  })

  test('refuses an empty object, and works with what it needs', async () => {
    expectRefusal(() => untyped({} as never), `${name}: ${required} undefined; wanted `)
    const schedule = untyped(good as never) as Schedule
    const rates = await schedule(tensor([0, 5], { dtype: 'int32' })).data()
    for (const value of rates) expect(value).toBeGreaterThanOrEqual(0)
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.5)
  })
})

test.each([
  [linearWarmup, { warmupSteps: 0, schedule: 1 }, 'linearWarmup: warmupSteps 0; wanted a positive'],
  [linearWarmup, { warmupSteps: -1, schedule: 1 }, 'linearWarmup: warmupSteps -1'],
  [linearWarmup, { warmupSteps: 1, schedule: -1 }, 'linearWarmup: schedule -1; wanted'],
  [exponentialDecay, { ...decay, decayRate: '1' }, "exponentialDecay: decayRate '1'"],
  [cosineDecay, { ...decay, decaySteps: '10' }, "decaySteps '10'; wanted a positive integer below"],
  [piecewiseConstant, { boundaries: ['5'], values: [1, 1] }, "boundaries ['5']; wanted a list"],
  [piecewiseConstant, { boundaries: [5], values: [1, '1'] }, "values [1, '1']; wanted a list"],
])('an option of %o out of its range is refused: %j', (make, options, message) => {
  expectRefusal(() => make(options as never), message)
})
