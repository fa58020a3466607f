import { useSignal, useSignalEffect } from '@preact/signals'
import { Component, type ComponentChildren, type ComponentType } from 'preact'
import type { ViewEntry } from '../views/index.ts'
import { currentView } from './route.ts'

type Loaded = { readonly View: ComponentType } | { readonly error: unknown }

const known = new Map<ViewEntry, Loaded>()

/** The current view, which is loaded when it is first shown. */
export function ViewPanel() {
  const loaded = useSignal<Loaded | undefined>(undefined)
  useSignalEffect(() => {
    const view = currentView.value
    loaded.value = known.get(view)
    load(view).then((result) => {
      if (view === currentView.peek()) loaded.value = result
    })
  })
  return (
    <main>
      <div id="view" role="tabpanel" aria-labelledby={`tab-${currentView.value.id}`}>
        <Shown loaded={loaded.value} key={currentView.value.id} />
      </div>
    </main>
  )
}

function Shown({ loaded }: { loaded: Loaded | undefined }) {
  if (loaded === undefined) return <p class="status">Loading …</p>
  if ('error' in loaded) return <Failure error={loaded.error} />
  return (
    <ErrorBoundary>
      <loaded.View />
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
    return { error }
  }
}

/** Says what a view threw instead of showing nothing. */
class ErrorBoundary extends Component<{ children: ComponentChildren }, { error?: unknown }> {
  static override getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render() {
    return this.state.error === undefined ? (
      this.props.children
    ) : (
      <Failure error={this.state.error} />
    )
  }
}

function Failure({ error }: { error: unknown }) {
  return (
    <div class="problem" role="alert">
      <p>This view cannot be shown: {error instanceof Error ? error.message : String(error)}</p>
      <button type="button" class="quiet" onClick={() => location.reload()}>
        Load the page again
      </button>
    </div>
  )
}
