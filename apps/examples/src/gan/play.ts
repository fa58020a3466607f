import type { GanBatchesFrom, GanEvent, GanTrainer } from '@tensorweft/gan'
import { loadTrainer, saveTrainer } from '@tensorweft/layers/node'
import { handleInterrupts } from '../interrupt.ts'
import { unlessAborted } from '../training.ts'

/** How far to train, and what to do with it. */
export interface Play {
  /** Of the whole training, also where it goes on. */
  readonly steps: number
  readonly reportEvery: number
  /** Where to save the training in the end, if anywhere. */
  readonly save?: string
  /** A training to go on with. */
  readonly resume?: string
}

/** How a training went. */
export interface Played {
  /** Whether Ctrl-C ended it. */
  readonly isInterrupted: boolean
  /** The mean norm of the critic's slopes in the second half, where there is a gradient penalty. */
  readonly slope: number | undefined
}

/**
 * Trains generator and discriminator, prints reports and warnings, and saves. Ctrl-C ends the training
 * after the current step; what is learnt by then is saved.
 *
 * @throws FileError where a file cannot be read or written, TrainingError for one that does not fit,
 * DivergenceError for a loss that is not finite.
 */
export async function play(
  game: GanTrainer,
  batches: GanBatchesFrom,
  { steps, reportEvery, save, resume }: Play,
): Promise<Played> {
  using interruption = handleInterrupts()
  const { signal } = interruption
  if (resume !== undefined) await loadTrainer(game, resume)
  const slopes: number[] = []
  const left = steps - game.step
  const watch = async () => {
    for await (const event of game.train(batches, { steps: left, reportEvery, signal })) {
      console.log(describe(event))
      if (event.penaltyNorm !== undefined) slopes.push(event.penaltyNorm)
      for (const { message, advice } of event.warnings) console.log(`  ${message}: ${advice}`)
    }
  }
  if (left > 0) await unlessAborted(signal, watch())
  if (save !== undefined) {
    await saveTrainer(game, save)
    console.log(`Saved ${save}`)
  }
  if (signal.aborted) console.log('Interrupted: the training is not complete.')
  return { isInterrupted: signal.aborted, slope: meanOf(slopes.slice(slopes.length / 2)) }
}

function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function describe(event: GanEvent): string {
  const { step, discriminatorLoss, generatorLoss, realScore, fakeScore, penaltyNorm } = event
  return [
    `Step: ${String(step).padStart(5, '0')}`,
    `discriminator= ${discriminatorLoss.toFixed(4)} generator= ${generatorLoss.toFixed(4)}`,
    `real= ${realScore.toFixed(3)} fake= ${fakeScore.toFixed(3)}`,
    ...(penaltyNorm === undefined ? [] : [`slope= ${penaltyNorm.toFixed(3)}`]),
  ].join(' ')
}
