import type { TargetedKeyboardEvent } from 'preact'
import { views } from '../views/index.ts'
import { currentView, show } from './route.ts'

/** The views as tabs: arrow keys, Home and End go from one to another. */
export function Tabs() {
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={moveByKey}>
      {views.map((view) => {
        const isCurrent = view === currentView.value
        return (
          <button
            key={view.id}
            type="button"
            role="tab"
            id={`tab-${view.id}`}
            aria-selected={isCurrent}
            aria-controls="view"
            tabIndex={isCurrent ? 0 : -1}
            onClick={() => show(view)}
          >
            {view.title}
          </button>
        )
      })}
    </div>
  )
}

function moveByKey(event: TargetedKeyboardEvent<HTMLElement>) {
  const last = views.length - 1
  const here = views.indexOf(currentView.value)
  const places: Record<string, number> = {
    ArrowRight: here === last ? 0 : here + 1,
    ArrowLeft: here === 0 ? last : here - 1,
    Home: 0,
    End: last,
  }
  const next = views[places[event.key] ?? -1]
  if (next === undefined) return
  event.preventDefault()
  show(next)
  document.getElementById(`tab-${next.id}`)?.focus()
}
