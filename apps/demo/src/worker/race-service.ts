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
  /** Waits until nothing computes here; `disturb` is called if something is to begin again. */
  clearTrack(disturb: () => void): Promise<void>
  /** The race is over: nothing can disturb it any more. */
  leaveTrack(): void
}

export function raceService(context: Context): RaceService {
  let disturb = () => {}
  const race: Run = {
    async pause() {
      disturb()
    },
  }
  return {
    async digits(count) {
      const { images, labels } = (await context.mnist()).train
      return {
        images: Float32Array.from(images.subarray(0, count * pixelCount), (byte) => byte / 255),
        labels: Int32Array.from(labels.subarray(0, count)),
      }
    },
    async clearTrack(whenDisturbed) {
      disturb = whenDisturbed
      await context.take(race, async () => {})
    },
    leaveTrack() {
      disturb = () => {}
    },
  }
}
