import type { TrainingCallback, TrainingEvent } from './callback.ts'
import type { Logs } from './logs.ts'

declare const console: { log(text: string): void }

export interface ProgressBarOptions {
  /**
   * Takes text as it is to be shown, such as `(text) => process.stderr.write(text)`: a line that is
   * written over (by carriage returns) while an epoch goes on. Without it, `console.log` gets one line
   * at the end of each epoch.
   */
  readonly write?: (text: string) => void
}

const redrawMs = 100
const barWidth = 20

/**
 * A callback that shows how training goes, with steps, time and the means so far:
 * `Epoch 2/5 [=====>    ] 235/469, 3.2 s left, loss 0.0534, accuracy 0.9834`.
 *
 * @example
 * ```ts
 * const callbacks = [progressBar()]
 * ```
 */
export function progressBar({ write }: ProgressBarOptions = {}): TrainingCallback {
  const clock = new EpochClock()
  let shownAt = 0
  let width = 0
  const show = (line: string, end: string) => {
    // What is left of a longer line is written over.
    write?.(`\r${line.padEnd(width)}${end}`)
    width = end === '' ? line.length : 0
  }
  return {
    onEpochBegin(event) {
      clock.begin(event.step)
    },
    async onBatchEnd(event) {
      if (write === undefined || Date.now() - shownAt < redrawMs) return
      const logs = await event.readLogs()
      show(describeStep(event, logs, clock.leftMs(event)), '')
      shownAt = Date.now()
    },
    onEpochEnd(event) {
      const line = describeEpoch(event, clock.elapsedMs)
      if (write === undefined) console.log(line)
      else show(line, '\n')
    },
    onTrainEnd() {
      if (width > 0) write?.('\n')
      width = 0
    },
  }
}

/** How long the steps of an epoch take. */
class EpochClock {
  #startedAt = 0
  #firstStep = 0

  begin(step: number): void {
    this.#startedAt = Date.now()
    this.#firstStep = step
  }

  get elapsedMs(): number {
    return Date.now() - this.#startedAt
  }

  leftMs({ step, steps }: TrainingEvent): number | undefined {
    const done = step - this.#firstStep
    return steps === undefined || done <= 0 ? undefined : (this.elapsedMs / done) * (steps - step)
  }
}

function describeStep(event: TrainingEvent, logs: Logs, leftMs: number | undefined): string {
  const { step, steps } = event
  const bar = steps === undefined ? [] : formatBar(step / steps)
  const left = leftMs === undefined ? [] : `${formatDuration(leftMs)} left`
  const facts = [steps === undefined ? `step ${step}` : `${step}/${steps}`, left, formatLogs(logs)]
  return [formatTitle(event), bar, facts.flat().join(', ')].flat().join(' ')
}

function describeEpoch(event: TrainingEvent, elapsedMs: number): string {
  const facts = [`${event.step} steps`, formatDuration(elapsedMs), ...formatLogs(event.logs)]
  return `${formatTitle(event)}: ${facts.join(', ')}`
}

function formatTitle({ epoch, epochs }: TrainingEvent): string {
  return `Epoch ${epoch}/${epochs}`
}

function formatBar(share: number): string {
  const filled = Math.round(share * barWidth)
  const head = filled < barWidth ? '>' : ''
  return `[${`${'='.repeat(filled)}${head}`.padEnd(barWidth)}]`
}

function formatLogs(logs: Logs): string[] {
  return Object.entries(logs).map(([name, value]) => `${name} ${formatNumber(value)}`)
}

function formatNumber(value: number): string {
  const isTiny = value !== 0 && Math.abs(value) < 0.001
  return isTiny ? value.toExponential(2) : value.toFixed(4)
}

function formatDuration(durationMs: number): string {
  if (durationMs < 9_950) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.ceil(durationMs / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`
}
