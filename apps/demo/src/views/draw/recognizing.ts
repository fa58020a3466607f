import { computed, effect, signal } from '@preact/signals'
import { latest } from '../../app/latest.ts'
import type { AttributionMethod } from '../../worker/attribution.ts'
import { services } from '../../worker/client.ts'
import type { ClassifierName, Recognition, Sample } from '../../worker/draw-service.ts'
import { normalizeDigit } from './normalize-digit.ts'
import { inkOf, type Stroke } from './strokes.ts'

/** What was drawn, or the digit of the test set that was chosen instead. */
export const strokes = signal<readonly Stroke[]>([])
export const sample = signal<Sample | undefined>(undefined)

/** Who is asked, and for what. */
export const classifier = signal<ClassifierName>('shipped')
export const method = signal<AttributionMethod>('integrated-gradients')
/** The digit that is to be explained; by default the one that was recognised. */
export const asked = signal<number | undefined>(undefined)

/** [28 · 28], what the classifier is shown; nothing while nothing is drawn. */
export const pixels = computed(() => sample.value?.pixels ?? normalizeDigit(inkOf(strokes.value)))

/** What the classifier makes of it. */
export interface Answer extends Recognition {
  readonly pixels: Uint8Array
  /** The digit that is explained. */
  readonly explained: number
  /** [28 · 28], how much each pixel speaks for that digit, or, below zero, against it. */
  readonly relevance: Float32Array
}

export const answer = signal<Answer | undefined>(undefined)

/** Asks again whenever something changes. Returns what ends it. */
export function startRecognizing(): () => void {
  const ask = latest(recognize)
  return effect(() => {
    ask({
      image: pixels.value,
      who: classifier.value,
      how: method.value,
      digit: asked.value,
    })
  })
}

interface Question {
  readonly image: Uint8Array | undefined
  readonly who: ClassifierName
  readonly how: AttributionMethod
  readonly digit: number | undefined
}

async function recognize({ image, ...asking }: Question): Promise<void> {
  try {
    answer.value = image && (await answerTo(image, asking))
  } catch (error) {
    // The answer to another question would be taken for one to this.
    answer.value = undefined
    throw error
  }
}

async function answerTo(
  image: Uint8Array,
  { who, how, digit }: Omit<Question, 'image'>,
): Promise<Answer> {
  const recognition = await services.draw.recognize(image, who)
  const explained = digit ?? recognition.digit
  const relevance = await services.draw.explain(image, who, explained, how)
  return { ...recognition, pixels: image, explained, relevance }
}

/** Adds a stroke that begins at a point; a sample or the question about a digit ends with it. */
export function beginStroke(point: Stroke[number]): void {
  strokes.value = [...(sample.value === undefined ? strokes.value : []), [point]]
  sample.value = undefined
  asked.value = undefined
}

/** Goes on with the last stroke. */
export function continueStroke(points: Stroke): void {
  const last = strokes.value.at(-1) ?? []
  strokes.value = [...strokes.value.slice(0, -1), [...last, ...points]]
}

export function undoStroke(): void {
  strokes.value = strokes.value.slice(0, -1)
}

/** A blank page. */
export function clear(): void {
  strokes.value = []
  sample.value = undefined
  asked.value = undefined
}

/** Takes a digit of the test set for the drawing. */
export function choose(chosen: Sample): void {
  strokes.value = []
  sample.value = chosen
  asked.value = undefined
}
