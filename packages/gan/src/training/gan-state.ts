import {
  ArgumentError,
  checkOption,
  type Key,
  key,
  type Layer,
  leavesOf,
  type Optimizer,
  type OptionRule,
  Parameter,
  type ParameterTree,
  type Shape,
  settleOptions,
  splitKey,
  tensor,
  zeros,
} from '@tensorweft/core'
import { ensureBuilt, keyOfStep, makeOptimizerState, optionRules } from '@tensorweft/layers'
import { nonSaturating } from '../objectives/non-saturating.ts'
import type { Objective } from '../objectives/objective.ts'
import { Averages } from './averages.ts'

const { aLayer, anOptimizer, aTensor, notNegative, optional, positiveInteger } = optionRules

export interface GanTrainerOptions {
  /** Makes samples [batch, …] of noise [batch, latentSize]. */
  readonly generator: Layer
  /** Makes logits [batch, …] of samples [batch, …]. */
  readonly discriminator: Layer
  /** What the two minimise, by default `nonSaturating()`. */
  readonly objective?: Objective
  readonly generatorOptimizer: Optimizer
  readonly discriminatorOptimizer: Optimizer
  /** Numbers that a sample is made of; they are drawn from a standard normal distribution. */
  readonly latentSize: number
  /** Steps of the discriminator, each on a batch of its own, before one of the generator; by default 1. */
  readonly discriminatorSteps?: number
  /**
   * The share of the past that a moving average of the generator keeps at each step, such as 0.999.
   * `generate` uses the average then. Without it there is none.
   */
  readonly averageDecay?: number
  /**
   * Where noise, the randomness of layers and, of models that are not built, the first weights come
   * from; by default `key(0)`.
   */
  readonly key?: Key
}

const partsOfObjective = ['realLoss', 'fakeLoss', 'generatorLoss', 'score']

const anObjective: OptionRule = [
  'an objective, such as nonSaturating()',
  (_, value) => partsOfObjective.every((part) => typeof Object(value)[part] === 'function'),
]

const penaltyFactor = optional(notNegative)

/** All that changes while two models are trained against each other. */
export class GanState {
  readonly generator: Layer
  readonly discriminator: Layer
  readonly objective: Objective
  readonly generatorOptimizer: Optimizer
  readonly discriminatorOptimizer: Optimizer
  readonly latentSize: number
  readonly discriminatorSteps: number
  readonly averages: Averages | undefined
  /** Of a sample. */
  readonly sampleShape: Shape
  /** Steps of the generator that are done. */
  readonly stepCount = counter('stepCount')
  /** Noise that stays the same, to see how samples improve. */
  readonly sampleKey: Parameter<'int32'>
  readonly #key: Parameter<'int32'>
  /** Phases that are done: updates of the one or the other. */
  readonly phaseCount = counter('phaseCount')

  /** @throws ArgumentError for wrong options; what the models throw for what they are applied to. */
  constructor(options: GanTrainerOptions) {
    const settled = settleOptions('ganTrainer', options, {
      generator: [aLayer],
      discriminator: [aLayer],
      objective: [anObjective, nonSaturating()],
      generatorOptimizer: [anOptimizer],
      discriminatorOptimizer: [anOptimizer],
      latentSize: [positiveInteger],
      discriminatorSteps: [positiveInteger, 1],
      averageDecay: [optional(optionRules.shareBelow1)],
      key: [aTensor, key(0)],
    })
    const { generator, discriminator, latentSize, objective } = settled
    const { averageDecay, generatorOptimizer, discriminatorOptimizer } = options
    const { gradientPenalty } = objective
    checkOption('ganTrainer', 'gradientPenalty of the objective', gradientPenalty, penaltyFactor)
    checkApart('optimizer', [generatorOptimizer], [discriminatorOptimizer])
    const [generatorKey, discriminatorKey, phaseKey, sampleKey] = keysOf(settled.key)
    ensureBuilt(generator, { shape: [latentSize], dtype: 'float32' }, generatorKey)
    // Both are recorded, and never run: what does not fit throws here.
    const [, ...sampleShape] = generator.apply(zeros([1, latentSize])).shape
    ensureBuilt(discriminator, { shape: sampleShape, dtype: 'float32' }, discriminatorKey)
    discriminator.apply(zeros([1, ...sampleShape]))
    checkApart('weights', parametersOf(generator), parametersOf(discriminator))
    this.generator = generator
    this.discriminator = discriminator
    this.objective = objective
    this.generatorOptimizer = generatorOptimizer
    this.discriminatorOptimizer = discriminatorOptimizer
    this.latentSize = latentSize
    this.discriminatorSteps = settled.discriminatorSteps
    this.averages =
      averageDecay === undefined ? undefined : new Averages(generator.variables, averageDecay)
    this.sampleShape = sampleShape
    this.#key = new Parameter(phaseKey, { trainable: false, name: 'key' })
    this.sampleKey = new Parameter(sampleKey, { trainable: false, name: 'sampleKey' })
    makeOptimizerState(generatorOptimizer, generator)
    makeOptimizerState(discriminatorOptimizer, discriminator)
  }

  /** Everything that a file has to hold. */
  get variables(): ParameterTree {
    const { stepCount, phaseCount, sampleKey } = this
    return {
      generator: this.generator.variables,
      discriminator: this.discriminator.variables,
      generatorOptimizer: this.generatorOptimizer.state,
      discriminatorOptimizer: this.discriminatorOptimizer.state,
      ...(this.averages && { averages: this.averages.state }),
      trainer: { key: this.#key, sampleKey, stepCount, phaseCount },
    }
  }

  /** Counts a phase and gives it keys of its own; for functions under `compile`. */
  beginPhase(): PhaseKeys {
    const count = this.phaseCount.value
    this.phaseCount.assign(count.add(1))
    return keysOf(keyOfStep(this.#key.value, count))
  }
}

function parametersOf({ variables }: Layer): readonly unknown[] {
  return leavesOf(variables).map(({ leaf }) => leaf)
}

/** Each would undo what the other does. */
function checkApart(what: string, a: readonly unknown[], b: readonly unknown[]): void {
  if (!a.some((part) => b.includes(part))) return
  throw new ArgumentError('ganTrainer', {
    got: `the same ${what} for generator and discriminator`,
    wanted: 'each with its own',
  })
}

/** For noise, for the generator, and for what the discriminator is applied to. */
type PhaseKeys = readonly [
  noise: Key,
  generator: Key,
  real: Key,
  fake: Key,
  between: Key,
  place: Key,
]

function keysOf(from: Key): PhaseKeys {
  const [a = from, b = from, c = from, d = from, e = from, f = from] = splitKey(from, 6)
  return [a, b, c, d, e, f]
}

function counter(name: string): Parameter<'int32'> {
  return new Parameter(tensor(0, { dtype: 'int32' }), { trainable: false, name })
}
