import { compile, type Layer, settleOptions, type Tensor } from '@tensorweft/core'
import { optional, positiveInteger } from '../check-options.ts'
import { type AbortSignalLike, throwIfAborted } from './abort.ts'
import { abortable } from './abortable-source.ts'
import { defaultBatchSize } from './batch-source.ts'
import { loadTraining, saveTraining } from './checkpoint.ts'
import type { PredictionInputs, TrainingData } from './data.ts'
import { evaluation } from './evaluation.ts'
import { Fit, type FitResult } from './fit.ts'
import { checkFitOptions, type FitOptions } from './fit-options.ts'
import { openFitSources } from './fit-sources.ts'
import type { EvaluationLogs } from './logs.ts'
import { openSource } from './open-source.ts'
import { predictAll } from './prediction.ts'
import { TrainingError } from './training-error.ts'
import { type TrainerOptions, TrainingState } from './training-state.ts'

export interface EvaluateOptions {
  /** Samples per step of data that is not in batches yet, by default 32. */
  readonly batchSize?: number
  /** How many batches to take of those that never end; by default all. */
  readonly steps?: number
  /** Ends it after the current step; `evaluate` rejects with its reason. */
  readonly signal?: AbortSignalLike
}

export interface PredictOptions {
  /** Samples per step of inputs that are not in batches yet, by default 32. */
  readonly batchSize?: number
}

/** Trains, measures and applies a model; `trainer` makes one. */
export class Trainer<M extends string = never> {
  readonly model: Layer
  readonly #state: TrainingState<M>
  readonly #apply: (x: Tensor) => Tensor
  #isTraining = false

  /** @throws ArgumentError for wrong options, and for metrics whose names are taken. */
  constructor(options: TrainerOptions<M>) {
    this.#state = new TrainingState(options)
    const { model } = options
    this.model = model
    this.#apply = compile((x: Tensor) => model.apply(x, { training: false }))
  }

  /** Complete epochs. */
  get epoch(): number {
    return this.#state.position.epochs
  }

  /** Steps done in an epoch that was begun and is not complete. */
  get step(): number {
    return this.#state.position.begun?.steps ?? 0
  }

  /**
   * Trains for some epochs. A step (forward, backward, metrics, update) is one compiled plan of which
   * nothing is read until the end of the epoch, or until a callback asks; at most 8 steps are ahead
   * of the backend. A model that was not built is built for the shape of the data.
   *
   * Two calls give the same, bit for bit, as one with all their epochs: numbers of epochs, orders of
   * samples and keys go on. So an epoch that was begun (the call was stopped or aborted, or the
   * trainer loaded) is completed first.
   *
   * @param data All samples, batches, or a function that gives those of an epoch. Batches of endless
   * iterables (with `stepsPerEpoch`) are taken as they come; all others of an epoch that goes on are
   * skipped up to where it stopped.
   * @throws ArgumentError for wrong options, ShapeError for data that is empty or does not fit
   * together, what the model and the loss throw for it, TrainingError while another call trains: all
   * of these before anything is changed (but what layers of one's own built stays), also for
   * validation data in memory. NonFiniteError for a loss that is read and is none; the signal's
   * reason; what callbacks throw. After these the trainer can be saved and go on.
   * @example
   * ```ts
   * const model = sequential(dense({ units: 8, activation: 'tanh' }), dense({ units: 1 }))
   * const { history } = await trainer({
   *   model,
   *   loss: (predictions: Tensor, labels: Tensor) => predictions.sub(labels).square().mean(),
   *   optimizer: adam({ learningRate: 0.05 }),
   * }).fit({ x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [[0], [1], [1], [2]] }, { epochs: 200 })
   * console.log(history.loss.length) // 200
   * ```
   */
  async fit(data: TrainingData, options: FitOptions = {}): Promise<FitResult<M>> {
    checkFitOptions(options)
    this.#checkIdle('fit')
    throwIfAborted(options.signal)
    this.#isTraining = true
    try {
      const sources = await openFitSources(data, options)
      try {
        return await new Fit(this.#state, sources, options).run()
      } finally {
        await sources.training.close()
        await sources.validation?.close()
      }
    } finally {
      this.#isTraining = false
    }
  }

  /**
   * Loss and metrics over all of the data, as means over its samples. Nothing is trained and layers
   * behave as in use.
   *
   * @throws ArgumentError, ShapeError or TrainingError for wrong options or data; LayerError if the
   * model was not built.
   * @example
   * ```ts
   * const model = sequential(dense({ units: 2, kernelInitializer: 'ones' }))
   * model.build([1], key(0))
   * const measured = await trainer({
   *   model,
   *   loss: sparseSoftmaxCrossEntropy,
   *   optimizer: sgd(),
   *   metrics: { accuracy },
   * }).evaluate({ x: [[3], [5]], y: new Int32Array([0, 1]) })
   * console.log(measured.accuracy) // 0.5
   * ```
   */
  async evaluate(data: TrainingData, options: EvaluateOptions = {}): Promise<EvaluationLogs<M>> {
    const { batchSize } = settleOptions('evaluate', options, {
      batchSize: [positiveInteger, defaultBatchSize],
      steps: [optional(positiveInteger)],
    })
    const { steps, signal } = options
    const opened = await openSource('evaluate', data, { batchSize, stepsPerEpoch: steps })
    const source = abortable(opened, signal)
    try {
      return await evaluation(this.#state.objective).over('evaluate', source, { signal })
    } finally {
      await source.close()
    }
  }

  /**
   * The outputs [samples, …] of the model for inputs [samples, …], which are cut into batches, or for
   * an iterable of batches (arrays are samples). Layers behave as in use.
   *
   * @throws ShapeError for no inputs or a sample that is no batch, what the model throws for those that
   * it does not take.
   * @example
   * ```ts
   * const model = sequential(dense({ units: 1, kernelInitializer: 'ones' }))
   * model.build([2], key(0))
   * const outputs = await trainer({ model, loss: softmaxCrossEntropy, optimizer: sgd() })
   *   .predict([[1, 2], [3, 4]])
   * await outputs.array() // [[3], [7]]
   * ```
   */
  async predict(inputs: PredictionInputs, options: PredictOptions = {}): Promise<Tensor> {
    const { batchSize } = settleOptions('predict', options, {
      batchSize: [positiveInteger, defaultBatchSize],
    })
    return predictAll(this.#apply, inputs, batchSize, this.#state.input?.shape.length)
  }

  /**
   * The whole training as the bytes of a safetensors file: weights, state of the optimiser, key,
   * epoch, step and the order of the samples; those of the moment of the call, also in callbacks. What
   * goes on from there is, bit for bit, what would have come without a stop.
   *
   * Callbacks are not part of it: early stopping, say, counts anew.
   *
   * @throws TrainingError if the model was not built.
   */
  save(): Promise<Uint8Array> {
    return saveTraining(this.#state)
  }

  /**
   * Takes over what `save` gave, in a trainer with the same model, optimiser and metrics. A model that
   * was not built is built first. If the bytes are damaged or do not fit, weights and everything else
   * stay as they were; only that the model was built stays where it is the optimiser that is another.
   * Floats may be narrower than those of the trainer, as for `importWeights`.
   *
   * @throws SafetensorsError for damaged bytes, TrainingError for another kind of file or while a call
   * trains, WeightsError where names, shapes or dtypes do not fit.
   */
  load(bytes: Uint8Array): void {
    this.#checkIdle('trainer.load')
    loadTraining(this.#state, bytes)
  }

  #checkIdle(op: string): void {
    if (!this.#isTraining) return
    throw new TrainingError(op, {
      got: 'a trainer that is training',
      hint: 'wait for its fit, or make another trainer',
    })
  }
}

/**
 * What trains a model: its loss, its optimiser and what else is to be measured.
 *
 * @param options `metrics` are functions of predictions and labels by name; `key` decides everything
 * random, by default `key(0)`.
 * @throws ArgumentError for wrong options, and for metrics whose names are taken.
 * @example
 * ```ts
 * const digits = trainer({
 *   model: sequential(dense({ units: 32, activation: 'relu' }), dense({ units: 10 })),
 *   loss: sparseSoftmaxCrossEntropy,
 *   optimizer: adam(),
 *   metrics: { accuracy },
 * })
 * const x = randomNormal(key(1), [64, 16])
 * await digits.fit({ x, y: x.slice([0, 0], [64, 10]).argMax() }, { epochs: 2, batchSize: 16 })
 * console.log(digits.epoch) // 2
 * ```
 */
export function trainer<M extends string = never>(options: TrainerOptions<M>): Trainer<M> {
  return new Trainer(options)
}
