import { useSignalEffect } from '@preact/signals'
import { reporting } from '../../app/errors.ts'
import { side } from '../../data/mnist.ts'
import { Figures } from '../../ui/figures.tsx'
import { LineChart } from '../../ui/line-chart.tsx'
import { MainButton, type MainButtonProps } from '../../ui/main-button.tsx'
import { PixelGrid } from '../../ui/pixel-grid.tsx'
import { Segments } from '../../ui/segments.tsx'
import { services } from '../../worker/client.ts'
import {
  generator,
  phase,
  points,
  progress,
  samples,
  showSamples,
  step,
  stop,
  train,
} from './gan-state.ts'
import { Walk } from './walk.tsx'
import '../paper.css'
import './gan.css'

/** Digits made of noise, by a generator that ships with the page or one that learns while you watch. */
export function GanView() {
  useSignalEffect(() => showSamples(generator.value))
  return (
    <div class="gan">
      <section class="card stack" aria-label="Generator">
        <GeneratorChooser />
        <div class="actions">
          <TrainButtons />
        </div>
        <Status />
      </section>
      <section class="results" aria-label="Results">
        <Samples />
        <Walk />
        <Curves />
      </section>
    </div>
  )
}

function GeneratorChooser() {
  const isThere = phase.value === 'running' || phase.value === 'paused'
  const descriptions = {
    shipped: 'Ships with this page: 12,000 steps on the 60,000 digits of MNIST.',
    trained: 'Learns here, from the digits alone: nobody tells it which is which.',
  }
  return (
    <>
      <Segments
        label="Generator"
        value={generator.value}
        onChange={(name) => {
          generator.value = name
        }}
        options={[
          { value: 'shipped', label: 'Ready-made' },
          {
            value: 'trained',
            label: 'Your own',
            problem: isThere ? undefined : 'Start a training first.',
          },
        ]}
      />
      <p class="hint">{descriptions[generator.value]}</p>
    </>
  )
}

function TrainButtons() {
  const canStop = phase.value === 'running' || phase.value === 'paused'
  return (
    <>
      <MainButton {...mainActions[phase.value]} />
      {canStop && <StopButton />}
    </>
  )
}

const pause = () => services.gan.pause()
const mainActions: Readonly<Record<typeof phase.value, MainButtonProps>> = {
  idle: { label: 'Train your own', act: train },
  starting: { label: 'Train your own' },
  running: { label: 'Pause', act: pause },
  paused: { label: 'Go on', act: train },
}

function StopButton() {
  return (
    <button type="button" onClick={reporting(stop)}>
      Stop
    </button>
  )
}

function Status() {
  const texts = {
    idle: 'Ready.',
    starting: 'Starting …',
    running:
      step.value < 500 ? 'Training. Digits begin to show after some hundred steps.' : 'Training.',
    paused: 'Paused.',
  }
  return (
    <>
      <p class="status" role="status">
        {texts[phase.value]}
      </p>
      {progress.value?.warnings.map((warning) => (
        <p class="hint" key={warning}>
          {warning}
        </p>
      ))}
    </>
  )
}

const columns = 8

function Samples() {
  return (
    <figure class="stack">
      <figcaption>
        {generator.value === 'shipped' ? 'Made of noise' : `Made of noise after ${step} steps`}
      </figcaption>
      <div class="noise-pictures">
        {samples.value !== undefined && (
          <PixelGrid
            label={`${samples.value.length / side ** 2} generated digits`}
            pixels={samples.value}
            width={side}
            height={side}
            columns={columns}
          />
        )}
      </div>
    </figure>
  )
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const twoDigits = (value: number) => value.toFixed(2)

function Curves() {
  const last = points.value.at(-1)
  if (last === undefined) return null
  return (
    <div class="stack curves">
      <Figures
        figures={[
          { name: 'Steps', value: whole(last.step) },
          { name: 'Steps per second', value: twoDigits(progress.value?.stepsPerSecond ?? 0) },
        ]}
      />
      <LineChart
        title="Losses"
        x={points.value.map(({ step: at }) => at)}
        xLabel="steps"
        format={twoDigits}
        series={[
          {
            label: 'generator',
            colour: '--accent',
            values: points.value.map(({ generatorLoss }) => generatorLoss),
          },
          {
            label: 'discriminator',
            colour: '--ink',
            values: points.value.map(({ discriminatorLoss }) => discriminatorLoss),
          },
        ]}
      />
    </div>
  )
}
