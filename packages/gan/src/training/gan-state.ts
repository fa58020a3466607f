import {
  type Key,
  key,
  type Layer,
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
import { ensureBuilt, keyOfStep, makeOptimizerState } from '@tensorweft/layers'
import { aLayer, anOptimizer, aTensor, optional, positiveInteger } from '../check-options.ts'
import { nonSaturating } from '../objectives/non-saturating.ts'
import type { Objective } from '../objectives/objective.ts'
import { Averages } from './averages.ts'

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

const anObjective: OptionRule = [
  'an objective, such as nonSaturating()',
  (_, value) => typeof Object(value).generatorLoss === 'function',
]

const decay: OptionRule = ['a number in [0, 1)', (n) => n >= 0 && n < 1]

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
      averageDecay: [optional(decay)],
      key: [aTensor, key(0)],
    })
    const { generator, discriminator, latentSize, averageDecay } = settled
    const [generatorKey, discriminatorKey, phaseKey, sampleKey] = keysOf(settled.key)
    ensureBuilt(generator, { shape: [latentSize], dtype: 'float32' }, generatorKey)
    // Both are recorded, and never run: what does not fit throws here.
    const [, ...sampleShape] = generator.apply(zeros([1, latentSize])).shape
    ensureBuilt(discriminator, { shape: sampleShape, dtype: 'float32' }, discriminatorKey)
    discriminator.apply(zeros([1, ...sampleShape]))
    this.generator = generator
    this.discriminator = discriminator
    this.objective = settled.objective
    this.generatorOptimizer = settled.generatorOptimizer
    this.discriminatorOptimizer = settled.discriminatorOptimizer
    this.latentSize = latentSize
    this.discriminatorSteps = settled.discriminatorSteps
    this.averages =
      averageDecay === undefined ? undefined : new Averages(generator.variables, averageDecay)
    this.sampleShape = sampleShape
    this.#key = new Parameter(phaseKey, { trainable: false, name: 'key' })
    this.sampleKey = new Parameter(sampleKey, { trainable: false, name: 'sampleKey' })
    makeOptimizerState(settled.generatorOptimizer, generator)
    makeOptimizerState(settled.discriminatorOptimizer, discriminator)
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
