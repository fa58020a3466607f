import { backend } from '../../app/backend.ts'
import { trainCount } from '../../data/mnist.ts'
import { Figures } from '../../ui/figures.tsx'
import { LineChart } from '../../ui/line-chart.tsx'
import { Progress } from '../../ui/progress.tsx'
import { ConfusionMatrix } from './confusion-matrix.tsx'
import { Controls } from './controls.tsx'
import { Mistakes } from './mistakes.tsx'
import { SettingsForm } from './settings-form.tsx'
import { Speeds } from './speeds.tsx'
import {
  epochs,
  epochsDone,
  guess,
  hasModel,
  history,
  isStuck,
  lastTest,
  phase,
} from './train-state.ts'
import './train.css'

/** Trains a classifier of handwritten digits while you watch. */
export function TrainView() {
  return (
    <div class="train">
      <section class="card stack" aria-label="Settings">
        <SettingsForm />
        <Controls />
        <Status />
      </section>
      <section class="stack" aria-label="Results">
        <Results />
      </section>
    </div>
  )
}

function Status() {
  const done = epochsDone.value
  const texts = {
    idle: hasModel.value ? 'Done.' : 'Ready.',
    loading: 'Loading 70,000 digits …',
    waiting: 'Waiting until nothing else computes …',
    running: `Training: epoch ${Math.ceil(done) || 1} of ${Math.max(epochs.value, Math.ceil(done))}.`,
    ending: 'Finishing the step, then testing …',
    paused: 'Paused.',
  }
  return (
    <div class="stack">
      <Progress label="Epochs done" value={Math.min(1, done / epochs.value)} />
      <p class="status" role="status">
        {texts[phase.value]}
      </p>
      {isStuck.value && (
        <p class="hint">
          No better than a guess, whose loss is {guess.loss.toFixed(2)}. Such a model seldom
          recovers: stop, and start again with another learning rate.
        </p>
      )}
    </div>
  )
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const shortPercent = (share: number) => `${Number((100 * share).toFixed(1))} %`
const whole = (value: number) => Math.round(value).toLocaleString('en')
const smallLoss = (value: number) => value.toPrecision(3)

/** Where the accuracy axis begins: a good model is read off the top of it. */
function lowestShown(accuracy = 0): number {
  if (accuracy > 0.95) return 0.9
  return accuracy > 0.9 ? 0.8 : 0
}

function Results() {
  const { x, loss, accuracy, testLoss, testAccuracy, seconds, speed, swaps, latest, speeds } =
    history.value
  const current = latest && speeds.get(latest.backend)
  const test = lastTest.value
  const marksBy = (axis: 'x' | 'seconds') =>
    swaps.map((swap) => ({ at: swap[axis], label: `→ ${swap.backend}` }))
  const byDigits = { x, xLabel: 'digits seen', marks: marksBy('x') }
  return (
    <>
      <Figures
        figures={[
          {
            name: 'Test accuracy',
            value: test && percent(test.accuracy),
            note: test ? `on ${whole(test.count)} digits` : 'on digits never trained on',
          },
          { name: 'Loss', value: latest && smallLoss(latest.loss), note: 'training' },
          {
            name: 'Epochs',
            value: x.length === 0 ? undefined : epochsDone.value.toFixed(2),
            note: `of ${whole(trainCount)} digits`,
          },
          {
            name: 'Digits per second',
            value: current === undefined ? undefined : whole(current),
            note: `on ${latest?.backend ?? backend.value ?? '…'}`,
          },
        ]}
      />
      <div class="charts">
        <LineChart
          {...byDigits}
          title="Loss"
          logarithmic
          series={[
            { label: 'training', colour: '--accent', values: loss },
            { label: 'test', colour: '--ink', values: testLoss, dots: true },
          ]}
        />
        <LineChart
          {...byDigits}
          title="Accuracy"
          format={percent}
          tick={shortPercent}
          low={lowestShown(test?.accuracy)}
          high={1}
          series={[
            { label: 'training', colour: '--accent', values: accuracy },
            { label: 'test', colour: '--ink', values: testAccuracy, dots: true },
          ]}
        />
        <LineChart
          x={seconds}
          xLabel="seconds of training"
          marks={marksBy('seconds')}
          title="Digits per second"
          format={whole}
          low={0}
          series={[{ label: 'speed', colour: '--accent', values: speed, gaps: true }]}
        />
        <Speeds speeds={speeds} current={latest?.backend} />
      </div>
      <div class="answers">
        <ConfusionMatrix report={test} />
        <Mistakes mistakes={test?.mistakes ?? []} />
      </div>
    </>
  )
}
