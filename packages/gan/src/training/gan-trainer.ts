import {
  type CompiledFunction,
  type DType,
  DTypeError,
  formatShape,
  type Layer,
  type OptionRule,
  randomNormal,
  type SettledOptions,
  ShapeError,
  settleOptions,
  Tensor,
} from '@tensorweft/core'
import {
  type AbortSignalLike,
  decodeSafetensors,
  exportWeights,
  importWeights,
  optionRules,
  StepsInFlight,
  TrainingError,
  throwIfAborted,
  untilAborted,
} from '@tensorweft/layers'
import { BatchStream, type GanBatches, type GanBatchesFrom } from './batch-stream.ts'
import type { GanEvent } from './event.ts'
import { GanState, type GanTrainerOptions } from './gan-state.ts'
import { Health } from './health.ts'
import { discriminatorPhase, generation, generatorPhase, type Phase } from './phases.ts'
import { Reports } from './reports.ts'

const { aTensor, optional, positiveInteger } = optionRules

export interface GanTrainOptions {
  /** How many steps to do; by default until the batches end. */
  readonly steps?: number
  /** Ends the training after the current step; the loop rejects with its reason. */
  readonly signal?: AbortSignalLike
  /** Steps whose number this divides report; by default 100. */
  readonly reportEvery?: number
  /** Steps whose number this divides report with samples; by default none does. */
  readonly sampleEvery?: number
  /** How many samples those are, or the noise [samples, latentSize] of them; by default 16. */
  readonly samples?: number | Tensor
}

type Settled = SettledOptions<GanTrainOptions, 'reportEvery' | 'samples'>

const aCountOrNoise: OptionRule = [
  'a positive integer, or noise [samples, latentSize]',
  (n, value) => positiveInteger[1](n, value) || aTensor[1](n, value),
]

const aSignal: OptionRule = [
  'an AbortSignal',
  (_, value) => typeof Object(value).aborted === 'boolean',
]

/** Trains a generator and a discriminator against each other; `ganTrainer` makes one. */
export class GanTrainer {
  readonly generator: Layer
  readonly discriminator: Layer
  readonly #state: GanState
  readonly #discriminatorPhase: Phase<[real: Tensor]>
  /** By the size of the batch. */
  readonly #generatorPhases = new Map<number, Phase<[]>>()
  readonly #generation: CompiledFunction<[noise: Tensor, isAveraged: boolean], Tensor>
  #step = 0
  #batchCount = 0
  /** Of the discriminator, in the step that is under way. */
  #updatesInStep = 0
  #isTraining = false

  /** @throws ArgumentError for wrong options; what the models throw for what they are applied to. */
  constructor(options: GanTrainerOptions) {
    this.#state = new GanState(options)
    this.generator = options.generator
    this.discriminator = options.discriminator
    this.#discriminatorPhase = discriminatorPhase(this.#state)
    this.#generation = generation(this.#state)
  }

  /** Steps done: updates of the generator. */
  get step(): number {
    return this.#step
  }

  /** Batches used: updates of the discriminator. */
  get batchCount(): number {
    return this.#batchCount
  }

  /**
   * Trains, and tells how it goes. A step updates the discriminator `discriminatorSteps` times, each
   * time with a batch of its own, and then the generator. Each update is one compiled plan. Steps that
   * report are read while later ones run, so that an event comes up to 8 updates after its step: `step`
   * and `save` are ahead of it then. Leaving the loop ends the training, and another call goes on.
   *
   * @param batches Real samples, float32 [batch, …] in the shape that the generator makes: an
   * iterable, or a function that is given the number of batches used so far and gives the batches from
   * there on, the form to choose where a training is to go on later.
   * @throws ArgumentError for wrong options. The loop rejects with TrainingError while another one
   * trains or if the batches end before the steps do, ArgumentError or ShapeError for a batch that does
   * not fit, DivergenceError for a loss or a gradient that is reported and not finite, the signal's
   * reason, and what the batches throw. After these the trainer can be saved, loaded and go on.
   * @example
   * ```ts
   * const game = ganTrainer({
   *   generator: sequential(dense({ units: 16, activation: 'relu' }), dense({ units: 2 })),
   *   discriminator: sequential(dense({ units: 16, activation: 'relu' }), dense({ units: 1 })),
   *   generatorOptimizer: adam({ learningRate: 0.001, beta1: 0.5 }),
   *   discriminatorOptimizer: adam({ learningRate: 0.001, beta1: 0.5 }),
   *   latentSize: 4,
   * })
   * const samples = randomNormal(key(1), [256, 2])
   * const batches = (from: number) => shuffledBatches(samples, { batchSize: 32, key: key(2), from })
   * for await (const { step, realScore, fakeScore } of game.train(batches, { steps: 200 })) {
   *   console.log(step, realScore, fakeScore) // at steps 100 and 200
   * }
   * console.log(game.step) // 200
   * ```
   */
  train(
    batches: GanBatches | GanBatchesFrom,
    options: GanTrainOptions = {},
  ): AsyncGenerator<GanEvent, void, void> {
    const settled: Settled = settleOptions<GanTrainOptions, keyof GanTrainOptions>(
      trainOp,
      options,
      {
        steps: [optional(positiveInteger)],
        signal: [optional(aSignal)],
        reportEvery: [positiveInteger, 100],
        sampleEvery: [optional(positiveInteger)],
        samples: [aCountOrNoise, 16],
      },
    )
    if (settled.samples instanceof Tensor) this.#checkNoise(trainOp, settled.samples)
    return this.#run(new BatchStream(trainOp, batches, this.#state.sampleShape), settled)
  }

  async *#run(stream: BatchStream, options: Settled): AsyncGenerator<GanEvent, void, void> {
    this.#checkIdle(trainOp)
    throwIfAborted(options.signal)
    this.#isTraining = true
    const reports = new Reports(new Health(this.#state.objective))
    const inFlight = new StepsInFlight()
    const { steps = Infinity } = options
    const last = this.#step + steps
    try {
      while (this.#step < last && (await this.#doStep(stream, inFlight, reports, options))) {
        yield* reports.take()
        throwIfAborted(options.signal)
      }
      await inFlight.drain()
      yield* reports.take()
      if (this.#step < last && steps !== Infinity) throw endOfBatches(last - this.#step, steps)
    } catch (error) {
      // What the source says at its end would hide why it was ended.
      await stream.close().catch(() => {})
      throw error
    } finally {
      this.#isTraining = false
      await stream.close()
    }
  }

  /** One step; false where the batches ended in it. */
  async #doStep(
    stream: BatchStream,
    inFlight: StepsInFlight,
    reports: Reports,
    options: Settled,
  ): Promise<boolean> {
    for (;;) {
      const next = stream.next(trainOp, this.#batchCount)
      const real = await untilAborted(options.signal, next, () => void stream.close())
      if (real === undefined) return false
      if (this.#updatesInStep + 1 >= this.#state.discriminatorSteps) {
        await this.#endStep(real, inFlight, reports, options)
        return true
      }
      const result = this.#discriminatorPhase(real, false)
      this.#batchCount++
      this.#updatesInStep++
      await inFlight.push(result, () => {})
    }
  }

  /**
   * The last update of the discriminator in a step, and that of the generator. Nothing is awaited between
   * them: a training that is saved meanwhile can go on with the size of this batch, which no file has.
   */
  async #endStep(
    real: Tensor,
    inFlight: StepsInFlight,
    reports: Reports,
    { reportEvery, sampleEvery = 0, samples }: Settled,
  ): Promise<void> {
    const step = this.#step + 1
    const isSampled = sampleEvery > 0 && step % sampleEvery === 0
    const isReported = isSampled || step % reportEvery === 0
    const ofDiscriminator = this.#discriminatorPhase(real, isReported)
    this.#batchCount++
    this.#updatesInStep++
    const ofGenerator = this.#generatorPhase(real.shape[0] ?? 0)(isReported)
    this.#step = step
    this.#updatesInStep = 0
    const values = isReported ? [readAhead(ofDiscriminator), readAhead(ofGenerator)] : []
    const shown = isSampled ? { samples: this.generate(samples) } : {}
    await inFlight.push(ofDiscriminator, () => {})
    await inFlight.push(ofGenerator, async () => {
      const [discriminator, generator] = await Promise.all(values)
      if (discriminator && generator) reports.add(step, discriminator, generator, shown)
    })
  }

  #generatorPhase(batch: number): Phase<[]> {
    const known = this.#generatorPhases.get(batch)
    if (known !== undefined) return known
    const made = generatorPhase(this.#state, batch)
    this.#generatorPhases.set(batch, made)
    return made
  }

  /**
   * Samples [count, …] of the generator or, with `averageDecay`, of its average. Layers behave as in
   * use. May be called at any time, also in the loop over events.
   *
   * @param noise Where samples are made from, [count, latentSize], or how many there are to be: then
   * the noise is that of the samples in events, the same at each call.
   * @throws ArgumentError for what is neither, ShapeError or DTypeError for noise of another size or
   * dtype.
   * @example
   * ```ts
   * const game = ganTrainer({
   *   generator: dense({ units: 3, useBias: false }),
   *   discriminator: dense({ units: 1 }),
   *   generatorOptimizer: sgd(),
   *   discriminatorOptimizer: sgd(),
   *   latentSize: 5,
   * })
   * console.log(game.generate(10).shape) // [10, 3]
   * await game.generate(zeros([1, 5])).array() // [[0, 0, 0]]
   * ```
   */
  generate(noise: number | Tensor): Tensor {
    const op = 'GanTrainer.generate'
    settleOptions(op, { noise }, { noise: [aCountOrNoise] })
    const { latentSize, sampleKey, averages } = this.#state
    if (noise instanceof Tensor) this.#checkNoise(op, noise)
    // Before the first step there is nothing in the averages.
    const isAveraged = averages !== undefined && this.#step > 0
    if (noise instanceof Tensor) return this.#generation(noise, isAveraged)
    using drawn = randomNormal(sampleKey.value, [noise, latentSize])
    return this.#generation(drawn, isAveraged)
  }

  /**
   * The whole training as the bytes of a safetensors file: both models, both optimisers, averages,
   * keys and counts; those of the moment of the call. What goes on from there is, bit for bit, what
   * would have come without a stop, if the batches are.
   */
  save(): Promise<Uint8Array> {
    return exportWeights(this.#state)
  }

  /**
   * Takes over what `save` gave, in a trainer with the same models, optimisers and options. If the
   * bytes are damaged or do not fit, everything stays as it was.
   *
   * @throws SafetensorsError for damaged bytes, WeightsError where names, shapes or dtypes differ,
   * TrainingError while a loop trains.
   */
  load(bytes: Uint8Array): void {
    this.#checkIdle('GanTrainer.load')
    importWeights(this.#state, bytes)
    const { tensors } = decodeSafetensors(bytes)
    const count = (name: string) => Number(tensors.get(`trainer.${name}`)?.data[0])
    this.#step = count('stepCount')
    this.#batchCount = count('phaseCount') - this.#step
    const updates = this.#batchCount - this.#step * this.#state.discriminatorSteps
    // Otherwise the file is of a trainer with another number of them in a step.
    const isMidStep = updates > 0 && updates < this.#state.discriminatorSteps
    this.#updatesInStep = isMidStep ? updates : 0
  }

  #checkNoise(op: string, { shape, dtype }: Tensor<DType>): void {
    const { latentSize } = this.#state
    if (dtype !== 'float32') {
      throw new DTypeError(op, { got: `noise of ${dtype}`, wanted: 'float32' })
    }
    if (shape.length === 2 && shape[0] !== 0 && shape[1] === latentSize) return
    throw new ShapeError(op, {
      got: `noise ${formatShape(shape)}`,
      wanted: `[samples, ${latentSize}]`,
    })
  }

  #checkIdle(op: string): void {
    if (!this.#isTraining) return
    throw new TrainingError(op, {
      got: 'a trainer that is training',
      hint: 'leave its loop first, or make another trainer',
    })
  }
}

const trainOp = 'GanTrainer.train'

/** Asks for the values of a step right behind it, before later ones are enqueued. */
function readAhead(result: Tensor): Promise<Iterable<number>> {
  const values = result.data()
  // Told where the values are awaited.
  values.catch(() => {})
  return values
}

function endOfBatches(missing: number, steps: number): TrainingError {
  return new TrainingError(trainOp, {
    got: `batches that ended with ${missing} of ${steps} steps to do`,
    hint: 'pass a function, which is called again where batches end, or leave steps out',
  })
}

/**
 * What trains two models against each other: a generator, which makes samples of noise, and a
 * discriminator, which tells them from real ones. Models that are not built are built, the generator for
 * [latentSize] and the discriminator for what comes out of it.
 *
 * @throws ArgumentError for wrong options; what the models throw for what they are applied to.
 * @example
 * ```ts
 * const { generator } = ganTrainer({
 *   generator: sequential(dense({ units: 8, activation: 'relu' }), dense({ units: 3 })),
 *   discriminator: dense({ units: 1 }),
 *   objective: leastSquares(),
 *   generatorOptimizer: adam(),
 *   discriminatorOptimizer: adam(),
 *   latentSize: 5,
 * })
 * console.log(generator.apply(zeros([2, 5])).shape) // [2, 3]
 * ```
 */
export function ganTrainer(options: GanTrainerOptions): GanTrainer {
  return new GanTrainer(options)
}
