import {
  floorDiv,
  logicalAnd,
  type OptionRule,
  settleOptions,
  type Tensor,
  tensor,
  where,
} from '@tensorweft/core'
import { notNegative, positive, share, stepCount } from '../check-option.ts'
import { cosineBetween, type Schedule } from './schedule.ts'

export interface CosineDecayRestartsOptions {
  readonly initialLearningRate: number
  /** Length of the first period. */
  readonly firstDecaySteps: number
  /** By what each period is longer than the one before, at least 1; by default 2. */
  readonly tMul?: number
  /** Factor from the height of one period to that of the next, by default 1. */
  readonly mMul?: number
  /** Share of the initial rate that is never gone below, by default 0. */
  readonly alpha?: number
}

const growth: OptionRule = ['a number from 1', (n) => n >= 1]

/** Where in which period a step lies: `share` of it has passed, `height` is `mMul` to its number. */
interface Position {
  readonly share: Tensor
  readonly height: Tensor
}

/**
 * Cosine waves one after the other: period i = 0, 1, … lasts `firstDecaySteps · tMulⁱ` steps, and
 * where a share s of it has passed, the rate is
 * `initialLearningRate · (alpha + (1 − alpha) · mMulⁱ · (1 + cos(π s)) / 2)`.
 *
 * Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, section 3.
 *
 * @throws ArgumentError for options outside their range.
 * @example
 * ```ts
 * const schedule = cosineDecayRestarts({ initialLearningRate: 0.5, firstDecaySteps: 2 })
 * await schedule(tensor([0, 1, 2, 4, 6], { dtype: 'int32' })).array() // [0.5, 0.25, 0.5, 0.25, 0.5]
 * ```
 */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): Schedule {
  const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = settleOptions(
    'cosineDecayRestarts',
    options,
    {
      initialLearningRate: [notNegative],
      firstDecaySteps: [stepCount],
      tMul: [growth, 2],
      mMul: [positive, 1],
      alpha: [share, 0],
    },
  )
  const positionOf =
    tMul === 1 ? equalPeriods(firstDecaySteps, mMul) : growingPeriods(firstDecaySteps, tMul, mMul)
  return (step) => {
    const { share, height } = positionOf(step)
    const wave = cosineBetween(1, 0, share).mul(height)
    return wave.mul(initialLearningRate * (1 - alpha)).add(initialLearningRate * alpha)
  }
}

function equalPeriods(length: number, mMul: number) {
  return (step: Tensor<'int32'>): Position => {
    const period = floorDiv(step, length)
    return {
      share: step.sub(period.mul(length)).cast('float32').div(length),
      height: period.cast('float32').mul(Math.log(mMul)).exp(),
    }
  }
}

/**
 * From a table of all periods that a step can lie in: a logarithm of the step, rounded down, would
 * now and then give the period before.
 */
function growingPeriods(firstLength: number, tMul: number, mMul: number) {
  const starts: number[] = []
  const lengths: number[] = []
  for (let start = 0, length = firstLength; start < 2 ** 31; length *= tMul) {
    starts.push(start)
    lengths.push(length)
    start += length
  }
  const firstSteps = starts.map(Math.ceil)
  const endSteps = [...firstSteps.slice(1), 2 ** 31 - 1]
  const table = {
    firstStep: tensor(firstSteps, { dtype: 'int32' }),
    endStep: tensor(endSteps, { dtype: 'int32' }),
    start: tensor(starts),
    length: tensor(lengths),
    height: tensor(starts.map((_, i) => mMul ** i)),
  }
  return (step: Tensor<'int32'>): Position => {
    const each = step.expandDims(-1)
    const isIn = logicalAnd(each.greaterEqual(table.firstStep), each.less(table.endStep))
    const pick = (values: Tensor) => where(isIn, values, 0).sum(-1)
    return {
      share: step.cast('float32').sub(pick(table.start)).div(pick(table.length)),
      height: pick(table.height),
    }
  }
}
