import { reporting } from '../../app/errors.ts'
import { type Figure, Figures } from '../../ui/figures.tsx'
import { Segments } from '../../ui/segments.tsx'
import type { Entry } from './contestant.ts'
import { batchSizes, type NetworkName, type OptimizerName } from './problem.ts'
import { raceLimits } from './race.ts'
import {
  cancel,
  chosen,
  course,
  ending,
  entries,
  frameworks,
  isRacing,
  network,
  optimizer,
  standings,
  start,
  toggle,
} from './race-state.ts'
import { type Ratio, ratiosOf } from './ratios.ts'
import type { Standing } from './runner.ts'
import { StandingsTable } from './standings-table.tsx'
import './race.css'

const networks: readonly { value: NetworkName; label: string }[] = [
  { value: 'mlp', label: 'MLP' },
  { value: 'cnn', label: 'Conv net' },
]

const optimizers: readonly { value: OptimizerName; label: string }[] = [
  { value: 'sgd', label: 'SGD' },
  { value: 'adam', label: 'Adam' },
]

const descriptions: Readonly<Record<NetworkName, string>> = {
  mlp: 'dense 256 with ReLU, dense 10',
  cnn: 'two 3 × 3 convolutions of 8 and 16 filters, each with max pooling, dense 10',
}

/** Races the same training step on Tensorweft and on TensorFlow.js. */
export function RaceView() {
  return (
    <div class="race">
      <section class="card stack" aria-label="Settings">
        <Settings />
        <RunButton />
        <p class="status" role="status">
          {statusText()}
        </p>
      </section>
      <section class="stack" aria-label="Results">
        {course.value === undefined ? <Rules /> : <Results />}
      </section>
    </div>
  )
}

function Settings() {
  return (
    <form class="stack" onSubmit={(event) => event.preventDefault()}>
      <Segments
        label="Model"
        value={network.value}
        options={networks}
        disabled={isRacing.value}
        onChange={(value) => {
          network.value = value
        }}
      />
      <p class="hint">
        Batch {batchSizes[network.value]}: {descriptions[network.value]}.
      </p>
      <Segments
        label="Optimiser"
        value={optimizer.value}
        options={optimizers}
        disabled={isRacing.value}
        onChange={(value) => {
          optimizer.value = value
        }}
      />
      <fieldset class="contestants" disabled={isRacing.value}>
        <legend>Contestants</legend>
        {entries.map((entry) => (
          <label key={nameOf(entry)}>
            <input
              type="checkbox"
              checked={chosen.value.has(entry)}
              onChange={() => toggle(entry)}
            />
            {nameOf(entry)}
          </label>
        ))}
      </fieldset>
    </form>
  )
}

function RunButton() {
  if (isRacing.value) {
    return (
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    )
  }
  return (
    <button
      type="button"
      class="primary"
      disabled={chosen.value.size === 0}
      onClick={reporting(start)}
    >
      Start
    </button>
  )
}

function Rules() {
  return (
    <>
      <h2>The same step, on your machine</h2>
      <p>
        Everybody trains the same network from the same first weights on the same digits: forward,
        backward, and an update of all weights. TensorFlow.js is loaded when the race begins.
      </p>
      <p>
        First the losses of {raceLimits.checkSteps} steps have to agree. Then the contestants take
        turns, after a warm-up, so that a drift of the machine's speed hits all alike. Shown is the
        median of the turns.
      </p>
    </>
  )
}

function Results() {
  const ratios = ratiosOf(standings.value)
  return (
    <>
      {ratios.length > 0 && <Figures figures={ratios.map(figureOf)} />}
      <StandingsTable caption={captionText()} standings={standings.value} />
      <p class="hint">
        Losses are those of step {raceLimits.checkSteps}, with the largest difference from the first
        contestant's over all steps until then, relative to them. More than{' '}
        {raceLimits.tolerance.toExponential()} is too much for float32. On wasm both are offered a
        thread for each core; shown is how many they take.
      </p>
    </>
  )
}

function figureOf({ on, times, ours, theirs }: Ratio): Figure {
  const value = `${times >= 10 ? Math.round(times) : times.toPrecision(2)} ×`
  const as = 'as fast as TensorFlow.js'
  if (on !== 'fastest') return { name: `On ${on}`, value, note: as }
  const [here, there] = [ours.entry.backend, theirs.entry.backend]
  const where = here === there ? `both on ${here}` : `${here} to ${there}`
  return { name: 'Fastest of each', value, note: `${as}, ${where}` }
}

function captionText(): string {
  if (course.value === undefined) return ''
  const { network, optimizer } = course.value
  const [model, rule] = [labelOf(networks, network), labelOf(optimizers, optimizer)]
  return `A training step of the ${model}, batch ${batchSizes[network]}, ${rule}`
}

function labelOf<T>(options: readonly { value: T; label: string }[], value: T): string {
  return options.find((option) => option.value === value)?.label ?? ''
}

function nameOf({ framework, backend }: Entry): string {
  return `${frameworks[framework]} on ${backend}`
}

const endings = {
  done: 'Done.',
  cancelled: 'Cancelled.',
  disturbed: 'Cancelled: something else began to compute.',
}

function statusText(): string {
  if (ending.value !== undefined) return endings[ending.value]
  if (!isRacing.value) return 'Other runs pause during a race.'
  const active = standings.value.find(isActive)
  if (active === undefined) return 'Loading the digits …'
  return `${nameOf(active.entry)} ${active.state === 'preparing' ? 'prepares' : 'runs'}.`
}

function isActive({ state }: Standing): boolean {
  return state === 'preparing' || state === 'running'
}
