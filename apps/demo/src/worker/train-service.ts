import type { Context } from './context.ts'
import { loadCheckpoint, saveCheckpoint } from './digit-checkpoint.ts'
import { DigitRun, type RunListener } from './digit-run.ts'
import type { DigitSettings } from './digit-settings.ts'
import type { TestReport } from './digit-tester.ts'
import { changeLearningRate, createDigitTraining, type DigitTraining } from './digit-training.ts'
import type { Progress } from './progress-meter.ts'

/**
 * What is going on: nothing, loading the digits for a new run, which takes the place of the one before,
 * waiting for another run to rest, a run, its last step and test, a run that can go on.
 */
export type Phase = 'idle' | 'loading' | 'waiting' | 'running' | 'ending' | 'paused'

/** What the page is told. */
export type TrainEvent =
  | { readonly kind: 'phase'; readonly phase: Phase }
  /** Of a training that was loaded. */
  | { readonly kind: 'settings'; readonly settings: DigitSettings }
  | ({ readonly kind: 'progress' } & Progress)
  /** Tested after training on so many digits. */
  | ({ readonly kind: 'test'; readonly samples: number } & TestReport)

export interface SavedTraining {
  readonly bytes: Uint8Array
  readonly settings: DigitSettings
}

/** What the Train view asks of the worker. */
export interface TrainService {
  /** Tells everything that happens from now on. */
  listen(listener: (event: TrainEvent) => void): void
  /** Says what would be trained next; a new learning rate also takes effect in the current run. */
  choose(settings: DigitSettings): void
  /** Trains a new model. Resolves when it is paused, stopped or has done its epochs. */
  start(settings: DigitSettings, epochs: number): Promise<void>
  /** Goes on with a run that was paused or loaded, until so many epochs are complete. */
  resume(epochs: number): Promise<void>
  pause(): Promise<void>
  /** Ends the run for good; the model stays. */
  stop(): Promise<void>
  /** The whole training, as the bytes of a safetensors file. */
  save(): Promise<SavedTraining>
  /** Takes over the bytes that `save` gave, to go on from there. */
  load(bytes: Uint8Array): Promise<void>
}

export function trainService(context: Context): TrainService {
  let listener: (event: TrainEvent) => void = () => {}
  let run: DigitRun | undefined
  let goal = 0
  let endsAs: Phase = 'paused'

  const enter = (phase: Phase) => listener({ kind: 'phase', phase })
  const events: RunListener = {
    onProgress: (progress) => listener({ kind: 'progress', ...progress }),
    onTest: (report, samples) => listener({ kind: 'test', samples, ...report }),
  }

  async function begin(training: DigitTraining): Promise<DigitRun> {
    const before = run
    run = undefined
    await before?.pause()
    enter('loading')
    run = new DigitRun(training, await context.mnist(), events)
    context.digits = training
    context.settings = training.settings
    return run
  }

  async function trainTo(epochs: number, current: DigitRun): Promise<void> {
    goal = Math.max(epochs, current.training.trainer.epoch + 1)
    endsAs = 'paused'
    enter('waiting')
    await context.take(current, async () => {
      if (run !== current) return
      enter('running')
      await current.trainTo(goal)
    })
    if (run === current) enterEnd(current)
  }

  async function end(phase: Phase): Promise<void> {
    const current = run
    if (current === undefined) return
    endsAs = phase
    enter('ending')
    await current.pause()
    // Meanwhile another may have begun.
    if (run === current) enterEnd(current)
  }

  /** Epochs that are all done leave nothing to go on with. */
  function enterEnd({ training }: DigitRun): void {
    enter(training.trainer.epoch < goal ? endsAs : 'idle')
  }

  /** What fails leaves nothing that could go on. */
  async function orIdle<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      enter('idle')
      throw error
    }
  }

  return {
    listen(added) {
      listener = added
    },
    choose(settings) {
      context.settings = settings
      if (run?.isActive) changeLearningRate(run.training, settings.learningRate)
    },
    start: (settings, epochs) =>
      orIdle(begin(createDigitTraining(settings)).then((begun) => trainTo(epochs, begun))),
    async resume(epochs) {
      if (run === undefined) return
      changeLearningRate(run.training, context.settings.learningRate)
      await orIdle(trainTo(epochs, run))
    },
    pause: () => end('paused'),
    stop: () => end('idle'),
    async save() {
      if (run === undefined) {
        throw new Error('There is no model to save yet: start a training first.')
      }
      const { training } = run
      return { bytes: await saveCheckpoint(training), settings: training.settings }
    },
    async load(bytes) {
      const training = loadCheckpoint(bytes)
      const loaded = await orIdle(begin(training))
      listener({ kind: 'settings', settings: training.settings })
      enter('paused')
      await loaded.test()
    },
  }
}
