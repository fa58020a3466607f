import { useSignal, useSignalEffect } from '@preact/signals'
import { Component, type ComponentChildren, type ComponentType } from 'preact'
import type { ViewEntry } from '../views/index.ts'
import { currentView } from './route.ts'

/** A view; nothing where its program could not be loaded. */
interface Loaded {
  readonly View: ComponentType | undefined
}

const known = new Map<ViewEntry, Loaded>()

/** The current view, which is loaded when it is first shown. */
export function ViewPanel() {
  const loaded = useSignal<Loaded | undefined>(undefined)
  const attempt = useSignal(1)
  useSignalEffect(() => {
    attempt.value
    const view = currentView.value
    loaded.value = known.get(view)
    load(view).then((result) => {
      if (view === currentView.peek()) loaded.value = result
    })
  })
  return (
    <main>
      <div id="view" role="tabpanel" aria-labelledby={`tab-${currentView.value.id}`}>
        <Shown
          loaded={loaded.value}
          key={currentView.value.id}
          tryAgain={() => {
            attempt.value++
          }}
        />
      </div>
    </main>
  )
}

interface ShownProps {
  readonly loaded: Loaded | undefined
  tryAgain(): void
}

function Shown({ loaded, tryAgain }: ShownProps) {
  if (loaded === undefined) return <p class="status">Loading …</p>
  const { View } = loaded
  if (View === undefined) {
    const reason = 'its program could not be loaded. Does the server still answer?'
    return <Failure reason={reason} action="Try again" act={tryAgain} />
  }
  return (
    <ErrorBoundary>
      <View />
    </ErrorBoundary>
  )
}

async function load(view: ViewEntry): Promise<Loaded> {
  const found = known.get(view)
  if (found !== undefined) return found
  try {
    const result = { View: await view.load() }
    known.set(view, result)
    return result
  } catch (error) {
    console.error(error)
    return { View: undefined }
  }
}

/** Says what a view threw instead of showing nothing. */
class ErrorBoundary extends Component<{ children: ComponentChildren }, { error?: unknown }> {
  static override getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    const reason = error instanceof Error ? error.message : String(error)
    return <Failure reason={reason} action="Load the page again" act={() => location.reload()} />
  }
}

interface FailureProps {
  readonly reason: string
  /** What may help. */
  readonly action: string
  act(): void
}

function Failure({ reason, action, act }: FailureProps) {
  return (
    <div class="problem" role="alert">
      <p>This view cannot be shown: {reason}</p>
      <button type="button" class="quiet" onClick={act}>
        {action}
      </button>
    </div>
  )
}
