import { interpolateLatent } from '@tensorweft/gan'
import { compile, concat, key, randomNormal, type Tensor } from 'tensorweft'
import weightsUrl from '../assets/digit-generator.safetensors?url'
import type { Context } from './context.ts'
import { DigitGame, type TakeReport } from './digit-game.ts'
import { createGenerator, latentSize, sampleNoise, toBytes } from './digit-networks.ts'
import { loadWeights } from './load-weights.ts'
import { once } from './once.ts'

/** The generator that ships with the page, or the one that is trained here. */
export type GeneratorName = 'shipped' | 'trained'

/** What the GAN view asks of the worker. Images are [28 · 28] bytes each, 0 is background. */
export interface GanService {
  /**
   * Trains, from where it was paused if it was. Resolves when it is paused again, which another run
   * does, too.
   *
   * @param report Called a few times in a second, for the last time before it resolves.
   */
  train(report: TakeReport): Promise<void>
  /** Ends the training after the current step. */
  pause(): Promise<void>
  /** Forgets what was trained. */
  reset(): Promise<void>
  /** 40 images of noise that is always the same. */
  samples(generator: GeneratorName): Promise<Uint8Array>
  /**
   * Images on a way through latent space that leads by 5 points of noise: at place 0 that of the first,
   * at 4 that of the last, and between them those on the arcs from one to the next.
   *
   * @param trip Which points these are.
   */
  along(generator: GeneratorName, trip: number, places: readonly number[]): Promise<Uint8Array>
}

const stops = 5

export function ganService(context: Context): GanService {
  let game: DigitGame | undefined

  const shipped = once(async () => {
    const generator = createGenerator()
    generator.build([latentSize], key(0))
    await loadWeights(generator, weightsUrl)
    return compile((noise: Tensor) => generator.apply(noise))
  })

  async function draw(name: GeneratorName, noise: Tensor): Promise<Uint8Array> {
    if (name === 'shipped') return toBytes((await shipped())(noise)).data()
    if (game === undefined) throw new Error('There is no generator of your own: train one first.')
    return toBytes(game.generate(noise)).data()
  }

  return {
    async train(report) {
      game ??= new DigitGame((await context.mnist()).train)
      const own = game
      await context.take(own, () => own.play(report))
    },
    async pause() {
      await game?.pause()
    },
    async reset() {
      await game?.pause()
      game = undefined
    },
    samples: (name) => draw(name, sampleNoise()),
    along(name, trip, places) {
      const points = randomNormal(key(trip), [stops, latentSize])
      const pointAt = (stop: number) => points.slice([stop, 0], [1, latentSize])
      const noise = places.map((place) => {
        const before = Math.min(Math.floor(place), stops - 2)
        return interpolateLatent(pointAt(before), pointAt(before + 1), place - before)
      })
      return draw(name, concat(noise))
    },
  }
}
