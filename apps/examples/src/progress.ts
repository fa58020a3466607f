import cliProgress, { type GenericFormatter } from 'cli-progress'

/** The bar of one epoch. */
export interface EpochProgress {
  /**
   * One more step is done.
   *
   * @param samples Samples in its batch.
   * @param cost The cost to show, where it was read; otherwise the last one stays.
   */
  advance(samples: number, cost?: number): void
  /** Removes the bar. */
  stop(): void
}

/** What the bar shows beside the steps. */
interface Measures {
  readonly samples: number
  readonly elapsedMs: number
  readonly cost: number | undefined
}

const maximumBarSize = 30

/**
 * Shows a bar with steps, samples per second, time left and cost, and takes it away at the end.
 * Where the output is no terminal, nothing is written.
 *
 * @param epoch Number of the epoch, from 1.
 * @param steps Steps in the epoch.
 * @param output Where to write, and the clock in milliseconds.
 *
 * @example
 * const progress = startProgress(1, 600)
 * progress.advance(100, 0.53)
 * // Epoch 0001 [==------------------] 52/600 steps, 48210 samples/s, 2 s left, cost 0.530
 * progress.stop()
 */
export function startProgress(
  epoch: number,
  steps: number,
  {
    stream = process.stdout,
    now = () => performance.now(),
  }: { readonly stream?: NodeJS.WritableStream; readonly now?: () => number } = {},
): EpochProgress {
  const bar = new cliProgress.SingleBar({
    format: formatLine(epoch),
    stream,
    barsize: maximumBarSize,
    clearOnComplete: true,
    // The line is cut to the width of the terminal; its own wrapping stays as it is, so that a
    // program that is killed leaves no changed terminal behind.
    linewrap: true,
    gracefulExit: false,
  })
  const start = now()
  let step = 0
  let measures: Measures = { samples: 0, elapsedMs: 0, cost: undefined }
  bar.start(steps, 0, measures)
  return {
    advance(samples, cost = measures.cost) {
      measures = { samples: measures.samples + samples, elapsedMs: now() - start, cost }
      bar.update(++step, measures)
    },
    stop: () => bar.stop(),
  }
}

/** One line for the bar and all figures; the bar gets the width that the figures leave. */
function formatLine(epoch: number): GenericFormatter {
  const title = `Epoch ${String(epoch).padStart(4, '0')}`
  return (options, { progress, value, total, maxWidth }, measures: Measures) => {
    const facts = [`${value}/${total} steps`, ...describeMeasures(measures, value, total)].join(
      ', ',
    )
    const free = maxWidth - 1 - `${title} [] ${facts}`.length
    const barsize = Math.max(0, Math.min(free, maximumBarSize))
    const bar = cliProgress.Format.BarFormat(progress, { ...options, barsize })
    return `${title} [${bar}] ${facts}`.slice(0, maxWidth - 1)
  }
}

function describeMeasures(measures: Measures, step: number, steps: number): string[] {
  const { samples, elapsedMs, cost } = measures
  if (step === 0 || elapsedMs <= 0) return []
  const samplesPerSecond = Math.round((samples / elapsedMs) * 1000)
  const leftMs = (elapsedMs / step) * (steps - step)
  return [
    `${samplesPerSecond} samples/s`,
    `${formatDuration(leftMs)} left`,
    cost === undefined ? [] : `cost ${cost.toFixed(3)}`,
  ].flat()
}

function formatDuration(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`
}
