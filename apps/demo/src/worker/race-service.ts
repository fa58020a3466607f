import { pixelCount } from '../data/mnist.ts'
import type { Context, Run } from './context.ts'

/** Digits as a training step takes them. */
export interface DigitBatch {
  /** Between 0 and 1. [count, 28, 28, 1] */
  readonly images: Float32Array
  /** [count] */
  readonly labels: Int32Array
}

/** What the Race view asks of the worker. */
export interface RaceService {
  /** The first digits to learn from. */
  digits(count: number): Promise<DigitBatch>
  /** Pauses what computes here; `disturb` is called if something begins again. */
  clearTrack(disturb: () => void): Promise<void>
  /** The race is over: nothing can disturb it any more. */
  leaveTrack(): void
}

export function raceService(context: Context): RaceService {
  let race: (Run & { isActive: boolean }) | undefined
  return {
    async digits(count) {
      const { images, labels } = (await context.mnist()).train
      return {
        images: Float32Array.from(images.subarray(0, count * pixelCount), (byte) => byte / 255),
        labels: Int32Array.from(labels.subarray(0, count)),
      }
    },
    async clearTrack(disturb) {
      const current = {
        isActive: true,
        async pause() {
          if (current.isActive) disturb()
          current.isActive = false
        },
      }
      race = current
      await context.take(current)
    },
    leaveTrack() {
      if (race !== undefined) race.isActive = false
    },
  }
}
