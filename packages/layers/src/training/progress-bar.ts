import { settleOptions } from '@tensorweft/core'
import { ofType, optional } from '../check-options.ts'
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
 * @throws ArgumentError for a `write` that is no function.
 * @example
 * ```ts
 * const callbacks = [progressBar()]
 * ```
 */
export function progressBar(options: ProgressBarOptions = {}): TrainingCallback {
  settleOptions('progressBar', options, { write: [optional(ofType('function'))] })
  const { write } = options
  let [startedAt, firstStep, shownAt, width] = [0, 0, 0, 0]
  const show = (line: string, end: string) => {
    // What is left of a longer line is written over.
    write?.(`\r${line.padEnd(width)}${end}`)
    width = end === '' ? line.length : 0
  }
  return {
    onEpochBegin({ step }) {
      startedAt = Date.now()
      firstStep = step
    },
    async onBatchEnd(event) {
      if (write === undefined || Date.now() - shownAt < redrawMs) return
      const logs = await event.readLogs()
      shownAt = Date.now()
      const stepMs = (shownAt - startedAt) / (event.step - firstStep)
      show(`${formatTitle(event)} ${describeSteps(event, stepMs)}${formatLogs(logs)}`, '')
    },
    onEpochEnd(event) {
      const facts = `${event.step} steps, ${formatDuration(Date.now() - startedAt)}`
      const line = `${formatTitle(event)}: ${facts}${formatLogs(event.logs)}`
      if (write === undefined) console.log(line)
      else show(line, '\n')
    },
    onTrainEnd() {
      if (width > 0) write?.('\n')
      width = 0
    },
  }
}

/** Where in its epoch a step is and, if that is known, how long the others take. */
function describeSteps({ step, steps }: TrainingEvent, stepMs: number): string {
  if (steps === undefined) return `step ${step}`
  const left = formatDuration(stepMs * (steps - step))
  return `${formatBar(step / steps)} ${step}/${steps}, ${left} left`
}

function formatTitle({ epoch, epochs }: TrainingEvent): string {
  return `Epoch ${epoch}/${epochs}`
}

function formatBar(share: number): string {
  const filled = Math.round(share * barWidth)
  const head = filled < barWidth ? '>' : ''
  return `[${`${'='.repeat(filled)}${head}`.padEnd(barWidth)}]`
}

function formatLogs(logs: Logs): string {
  return Object.entries(logs)
    .map(([name, value]) => `, ${name} ${formatNumber(value)}`)
    .join('')
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
