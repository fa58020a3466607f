import type { CompiledFunction, Tensor } from '@tensorweft/core'
import { takingBack } from '../take-back.ts'
import { throwIfAborted } from './abort.ts'
import type { Batch, StepInput } from './batch.ts'
import { type EpochBatches, wholeEpoch } from './batch-source.ts'
import type { TrainingCallback, TrainingEnd, TrainingEvent } from './callback.ts'
import { saveTraining } from './checkpoint.ts'
import { type Evaluation, evaluation, noBatches } from './evaluation.ts'
import type { FitOptions } from './fit-options.ts'
import type { FitSources } from './fit-sources.ts'
import { asValidation, type History, type Logs, validationName } from './logs.ts'
import { notify } from './notify.ts'
import { type OpenedEpoch, openEpoch } from './open-epoch.ts'
import type { BegunEpoch } from './position.ts'
import { StepsInFlight } from './steps-in-flight.ts'
import { compileTrainStep } from './train-step.ts'
import { NonFiniteError } from './training-error.ts'
import type { TrainingState } from './training-state.ts'

/** What a call of `fit` gives. */
export interface FitResult<M extends string> {
  /** Numbers of the epochs that it completed. */
  readonly epochs: readonly number[]
  /** Means over each of them. */
  readonly history: History<M>
}

/** One call of `Trainer.fit`. */
export class Fit<M extends string> {
  readonly #state: TrainingState<M>
  readonly #sources: FitSources
  readonly #options: FitOptions
  readonly #lastEpoch: number
  readonly #step: CompiledFunction<[StepInput], Tensor>
  readonly #evaluation: Evaluation<M> | undefined
  readonly #inFlight = new StepsInFlight()
  readonly #epochs: number[] = []
  readonly #history: Readonly<Record<string, number[]>>
  /** The epoch that is trained, or was last. */
  #current: BegunEpoch = { steps: 0, samples: 0 }
  #epoch = 0
  #stepsPerEpoch: number | undefined
  #logs: Logs = {}
  #isStopped = false
  #end: TrainingEnd | undefined

  constructor(state: TrainingState<M>, sources: FitSources, options: FitOptions) {
    const { names } = state.means
    const logNames = sources.validation ? [...names, ...names.map(validationName)] : names
    this.#state = state
    this.#sources = sources
    this.#options = options
    this.#lastEpoch = state.position.epochs + (options.epochs ?? 1)
    this.#step = compileTrainStep(state, options.classWeight)
    this.#evaluation = sources.validation && evaluation(state.objective)
    this.#history = Object.fromEntries(logNames.map((name) => [name, []]))
  }

  async run(): Promise<FitResult<M>> {
    if (this.#state.position.epochs < this.#lastEpoch) await this.#train()
    return { epochs: this.#epochs, history: this.#history as History<M> }
  }

  async #train(): Promise<void> {
    const first = await this.#prepare()
    try {
      await this.#notify('onTrainBegin')
      await this.#trainEpochs(first)
      await this.#inFlight.drain()
    } catch (error) {
      await this.#fail()
      throw error
    }
    this.#end = this.#isStopped ? 'stopped' : 'complete'
    await this.#notify('onTrainEnd')
  }

  /** Finds out, before anything is changed, whether the step can be made for the data. */
  async #prepare(): Promise<OpenedEpoch> {
    const opened = await this.#open()
    try {
      const first = await opened.batches.next()
      if (first !== undefined) await this.#trySteps(first.input)
      else if (opened.begun.steps === 0) throw noBatches('fit')
      return { ...opened, first }
    } catch (error) {
      await opened.batches.close()
      throw error
    }
  }

  async #trySteps(batch: StepInput): Promise<void> {
    const validation = await this.#validationBatch()
    const { shape, dtype } = batch.x
    const input = { shape: shape.slice(1), dtype }
    try {
      takingBack(() => {
        this.#state.build(input)
        if (validation !== undefined) this.#evaluation?.tryOn(validation.input)
        // Last, as the optimiser keeps the parameters that it has met.
        this.#step.traced(batch)
      })
    } finally {
      validation?.release()
    }
    this.#state.input = input
  }

  /** Of what lies in memory: batches of a program are asked for when they are wanted. */
  async #validationBatch(): Promise<Batch | undefined> {
    const { validation } = this.#sources
    if (validation?.sampleCount === undefined) return undefined
    return (await validation.open(wholeEpoch)).next()
  }

  async #open(): Promise<OpenedEpoch> {
    const opened = await openEpoch(this.#state, this.#sources.training, this.#options)
    this.#epoch = this.#state.position.epochs + 1
    this.#current = opened.begun
    this.#stepsPerEpoch = opened.batches.steps
    return opened
  }

  async #trainEpochs(first: OpenedEpoch): Promise<void> {
    let opened: OpenedEpoch | undefined = first
    while (this.#state.position.epochs < this.#lastEpoch && !this.#isStopped) {
      const { begun, batches, first: batch } = opened ?? (await this.#open())
      opened = undefined
      if (begun.steps === 0 && this.#state.position.begun) this.#state.means.reset()
      try {
        await this.#notify('onEpochBegin')
        if (!(await this.#trainBatches(batches, batch))) return
      } finally {
        await batches.close()
      }
      await this.#completeEpoch()
    }
  }

  /** Whether the epoch is complete. */
  async #trainBatches(batches: EpochBatches, first: Batch | undefined): Promise<boolean> {
    let pending = first
    while (!this.#isStopped || this.#current.steps === batches.steps) {
      throwIfAborted(this.#options.signal)
      const batch = pending ?? (await batches.next())
      pending = undefined
      if (batch === undefined) return true
      await this.#trainBatch(batch)
    }
    return false
  }

  async #trainBatch(batch: Batch): Promise<void> {
    const { position } = this.#state
    const loss = this.#step(batch.input)
    const { steps, samples } = this.#current
    this.#current = { ...this.#current, steps: steps + 1, samples: samples + batch.size }
    this.#state.position = { ...position, begun: this.#current }
    await this.#inFlight.push(loss, batch.release)
    await this.#notify('onBatchEnd')
  }

  async #completeEpoch(): Promise<void> {
    const { signal } = this.#options
    const epoch = this.#epoch
    if (this.#current.steps === 0) throw noBatches('fit')
    const logs = await this.#readLogs()
    this.#state.position = { epochs: epoch }
    this.#state.means.reset()
    const { validation } = this.#sources
    const measured =
      validation && (await this.#evaluation?.over('fit: validation', validation, { epoch, signal }))
    this.#logs = { ...logs, ...(measured && asValidation(measured)) }
    this.#epochs.push(epoch)
    for (const [name, values] of Object.entries(this.#history)) {
      values.push(this.#logs[name] ?? Number.NaN)
    }
    await this.#notify('onEpochEnd')
  }

  async #readLogs(): Promise<Logs> {
    const { onNonFinite = 'throw' } = this.#options
    const { steps } = this.#current
    if (steps === 0) return {}
    // The means of an epoch that is complete have been read.
    if (this.#state.position.begun === undefined) return this.#logs
    const logs = await this.#state.means.read()
    if (Number.isFinite(logs.loss) || onNonFinite === 'ignore') return logs
    if (onNonFinite === 'throw') throw new NonFiniteError(logs.loss, this.#epoch, steps)
    this.#isStopped = true
    return logs
  }

  /** Ends after an error, which is the one to tell, whatever else goes wrong. */
  async #fail(): Promise<void> {
    this.#end = 'failed'
    await this.#inFlight.drain().catch(() => {})
    await this.#notify('onTrainEnd').catch(() => {})
  }

  #notify(moment: keyof TrainingCallback): Promise<void> {
    return notify(this.#options.callbacks ?? [], moment, () => this.#event())
  }

  #event(): TrainingEvent {
    const state = this.#state
    return {
      model: state.objective.model,
      epoch: this.#epoch,
      epochs: this.#lastEpoch,
      step: this.#current.steps,
      steps: this.#stepsPerEpoch,
      logNames: Object.keys(this.#history),
      logs: this.#logs,
      end: this.#end,
      readLogs: () => this.#readLogs(),
      stop: () => {
        this.#isStopped = true
      },
      save: () => saveTraining(state),
    }
  }
}
