import { timeText } from '../../ui/amounts.ts'
import { frameworks } from './race-state.ts'
import type { Standing } from './runner.ts'

export interface StandingsTableProps {
  readonly caption: string
  readonly standings: readonly Standing[]
}

/** Who is how fast, those on the same backend side by side. */
export function StandingsTable({ caption, standings }: StandingsTableProps) {
  const fastestMs = Math.min(...standings.map(({ stepMs = Number.POSITIVE_INFINITY }) => stepMs))
  return (
    <table class="standings">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Contestant</th>
          <th scope="col">Speed</th>
          <th scope="col">Median step</th>
          <th scope="col">Loss, difference</th>
        </tr>
      </thead>
      <tbody>
        {standings.map((standing) => (
          <Row
            key={`${standing.entry.framework} ${standing.entry.backend}`}
            standing={standing}
            fastestMs={fastestMs}
          />
        ))}
      </tbody>
    </table>
  )
}

interface RowProps {
  readonly standing: Standing
  readonly fastestMs: number
}

function Row({ standing, fastestMs }: RowProps) {
  const { entry, threads, state, stepMs, steps, reason } = standing
  return (
    <tr class={`${entry.framework} ${state}`}>
      <th scope="row">
        {frameworks[entry.framework]} on {entry.backend}
        {threads !== undefined && entry.backend === 'wasm' && (
          <span class="hint">{threads === 1 ? 'one thread' : `${threads} threads`}</span>
        )}
      </th>
      {reason === undefined ? (
        <>
          <td class="speed" style={{ '--share': stepMs === undefined ? 0 : fastestMs / stepMs }}>
            {stepMs === undefined ? stateTexts[state] : speedText(1000 / stepMs)}
          </td>
          <td class="time">
            {stepMs === undefined ? '–' : timeText(stepMs)}
            {steps !== undefined && <span class="hint">of {steps} steps</span>}
          </td>
          <Loss {...standing} />
        </>
      ) : (
        <td class="reason" colSpan={3}>
          {reason}
        </td>
      )}
    </tr>
  )
}

function Loss({ loss, difference }: Standing) {
  return (
    <td class="loss">
      {loss === undefined ? '–' : loss.toFixed(5)}
      {loss !== undefined && <span class="hint">{differenceText(difference)}</span>}
    </td>
  )
}

function differenceText(difference: number | undefined): string {
  if (difference === undefined) return 'the first'
  return difference === 0 ? 'equal' : `± ${difference.toExponential(0)}`
}

const stateTexts: Readonly<Record<Standing['state'], string>> = {
  waiting: 'waits',
  preparing: 'prepares',
  ready: 'is ready',
  running: 'runs',
  done: '–',
  out: '–',
}

function speedText(perSecond: number): string {
  const count =
    perSecond >= 10 ? Math.round(perSecond).toLocaleString('en') : perSecond.toPrecision(2)
  return `${count} steps per second`
}
