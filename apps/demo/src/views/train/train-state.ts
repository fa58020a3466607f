import { computed, signal } from '@preact/signals'
import { proxy } from 'comlink'
import { classCount, trainCount } from '../../data/mnist.ts'
import { services } from '../../worker/client.ts'
import { type DigitSettings, defaultSettings } from '../../worker/digit-settings.ts'
import type { TestReport } from '../../worker/digit-tester.ts'
import type { Phase, TrainEvent } from '../../worker/train-service.ts'
import { addProgress, addTest, emptyHistory, type History } from './history.ts'

// Here and not in the view, as a run goes on while another view is shown.
export const settings = signal<DigitSettings>(defaultSettings)
export const epochs = signal(10)
export const phase = signal<Phase>('idle')
export const history = signal<History>(emptyHistory)
export const lastTest = signal<TestReport | undefined>(undefined)

/** Whether there is a model, trained or loaded. */
export const hasModel = computed(() => history.value.x.length > 0)

/** The loss of equal probabilities, and after how many digits it should be behind. */
export const guess = { loss: Math.log(classCount), samples: 10_000 }

/** Whether training does not help, as with steps so long that the loss grows beyond all numbers. */
export const isStuck = computed(() => {
  const { latest } = history.value
  // Not a number is no better than a guess either.
  return latest !== undefined && latest.samples >= guess.samples && !(latest.loss < guess.loss)
})

/** The current one as a fraction. */
export const epochsDone = computed(() => (history.value.x.at(-1) ?? 0) / trainCount)

export function choose(changes: Partial<DigitSettings>): Promise<void> {
  settings.value = { ...settings.value, ...changes }
  return services.train.choose(settings.value)
}

export function start(): Promise<void> {
  // Before the worker says so: nothing is begun twice.
  phase.value = 'loading'
  return services.train.start(settings.value, epochs.value)
}

export function resume(): Promise<void> {
  return services.train.resume(epochs.value)
}

/** The training as a file that the browser downloads. */
export async function save(): Promise<void> {
  const { bytes, settings } = await services.train.save()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(
    new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }),
  )
  link.download = `digits-${settings.architecture}.safetensors`
  link.click()
  // The browser reads the file after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

export async function load(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    await services.train.load(bytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${file.name} cannot be loaded: ${reason}`, { cause: error })
  }
}

function enter(entered: Phase) {
  phase.value = entered
  // Not before: until then the run before may tell something.
  if (entered !== 'loading') return
  history.value = emptyHistory
  lastTest.value = undefined
}

services.train.listen(
  proxy((event: TrainEvent) => {
    if (event.kind === 'phase') enter(event.phase)
    else if (event.kind === 'settings') settings.value = event.settings
    else if (event.kind === 'progress') history.value = addProgress(history.value, event)
    else {
      history.value = addTest(history.value, event)
      lastTest.value = event
    }
  }),
)
