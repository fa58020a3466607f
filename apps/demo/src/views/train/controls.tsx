import type { TargetedEvent } from 'preact'
import { reporting } from '../../app/errors.ts'
import { MainButton, type MainButtonProps } from '../../ui/main-button.tsx'
import { services } from '../../worker/client.ts'
import type { Phase } from '../../worker/train-service.ts'
import { hasModel, load, phase, resume, save, start } from './train-state.ts'

/** Begins, pauses and ends a run, and moves it to a file and back. */
export function Controls() {
  return (
    <>
      <div class="actions">
        <RunButtons />
      </div>
      <div class="actions">
        <button type="button" disabled={!hasModel.value} onClick={reporting(save)}>
          Save
        </button>
        <label class="button">
          Load
          <input type="file" accept=".safetensors" onChange={reporting(loadChosen)} />
        </label>
      </div>
    </>
  )
}

function RunButtons() {
  const canStop = phase.value === 'running' || phase.value === 'ending' || phase.value === 'paused'
  return (
    <>
      <MainButton {...mainActions[phase.value]} />
      {canStop && <StopButton />}
    </>
  )
}

const pause = () => services.train.pause()
const mainActions: Readonly<Record<Phase, MainButtonProps>> = {
  idle: { label: 'Start', act: start },
  loading: { label: 'Start' },
  waiting: { label: 'Start' },
  running: { label: 'Pause', act: pause },
  ending: { label: 'Pause' },
  paused: { label: 'Go on', act: resume },
}

function StopButton() {
  return (
    <button
      type="button"
      disabled={phase.value === 'ending'}
      onClick={reporting(() => services.train.stop())}
    >
      Stop
    </button>
  )
}

async function loadChosen(event: TargetedEvent<HTMLInputElement>): Promise<void> {
  const input = event.currentTarget
  const file = input.files?.[0]
  if (file === undefined) return
  await load(file)
  // The same file may be chosen again.
  input.value = ''
}
