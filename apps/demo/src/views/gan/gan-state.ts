import { computed, signal } from '@preact/signals'
import { proxy } from 'comlink'
import { latest } from '../../app/latest.ts'
import { services } from '../../worker/client.ts'
import type { GanPoint, GanProgress } from '../../worker/digit-game.ts'
import type { Recognition } from '../../worker/draw-service.ts'
import type { GeneratorName } from '../../worker/gan-service.ts'

// Here and not in the view, as a training goes on while another view is shown.
export const generator = signal<GeneratorName>('shipped')
export const phase = signal<'idle' | 'starting' | 'running' | 'paused'>('idle')
export const points = signal<readonly GanPoint[]>([])
/** Of the last report. */
export const progress = signal<GanProgress | undefined>(undefined)
/** [40 · 28 · 28], what the chosen generator makes of noise that is always the same. */
export const samples = signal<Uint8Array | undefined>(undefined)

/** Which points the way through latent space leads by, and where on it we are, from 0 to 4. */
export const trip = signal(1)
export const place = signal(0)
export const stops = [0, 1, 2, 3, 4] as const
/** [5 · 28 · 28], what lies at the points. */
export const stopPictures = signal<Uint8Array | undefined>(undefined)

/** What lies where we are. */
export interface Picture {
  /** [28 · 28] */
  readonly pixels: Uint8Array
  /** What the classifier that ships with the page takes it for. */
  readonly recognition: Recognition
}

export const picture = signal<Picture | undefined>(undefined)

export const step = computed(() => points.value.at(-1)?.step ?? 0)

/** More points than this are not kept: every other one is left out then. */
const keptPoints = 2000

/** Begins to train, or goes on. */
export async function train(): Promise<void> {
  phase.value = 'starting'
  try {
    await services.gan.train(proxy(takeReport))
  } finally {
    phase.value = points.value.length > 0 ? 'paused' : 'idle'
  }
}

function takeReport(reported: GanProgress): void {
  if (phase.value === 'starting') {
    phase.value = 'running'
    generator.value = 'trained'
  }
  progress.value = reported
  points.value = thin([...points.value, ...reported.points])
  if (generator.value === 'trained') samples.value = reported.samples
}

function thin(all: readonly GanPoint[]): readonly GanPoint[] {
  return all.length <= keptPoints ? all : all.filter((_, i) => i % 2 === 1)
}

/** Ends the training for good. */
export async function stop(): Promise<void> {
  generator.value = 'shipped'
  await services.gan.reset()
  points.value = []
  progress.value = undefined
  phase.value = 'idle'
}

/** Asks for all pictures of a generator. */
export const showSamples = latest(async (name: GeneratorName) => {
  samples.value = await services.gan.samples(name)
})

interface Way {
  readonly name: GeneratorName
  readonly trip: number
}

export const showStops = latest(async ({ name, trip }: Way) => {
  stopPictures.value = await services.gan.along(name, trip, [...stops])
})

export const showPlace = latest(async ({ name, trip, place }: Way & { readonly place: number }) => {
  const pixels = await services.gan.along(name, trip, [place])
  picture.value = { pixels, recognition: await services.draw.recognize(pixels, 'shipped') }
})
