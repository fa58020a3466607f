import type { TargetedEvent } from 'preact'
import { reporting } from '../../app/errors.ts'
import { services } from '../../worker/client.ts'
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
  switch (phase.value) {
    case 'idle':
    case 'loading':
      return (
        <button
          type="button"
          class="primary"
          disabled={phase.value === 'loading'}
          onClick={reporting(start)}
        >
          Start
        </button>
      )
    case 'running':
    case 'ending':
      return (
        <>
          <button
            type="button"
            class="primary"
            disabled={phase.value === 'ending'}
            onClick={reporting(() => services.train.pause())}
          >
            Pause
          </button>
          <StopButton />
        </>
      )
    case 'paused':
      return (
        <>
          <button type="button" class="primary" onClick={reporting(resume)}>
            Go on
          </button>
          <StopButton />
        </>
      )
  }
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
