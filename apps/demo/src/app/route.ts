import { computed, effect, signal } from '@preact/signals'
import { type ViewEntry, views } from '../views/index.ts'

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** The view that the address names, or the first. */
export const currentView = computed<ViewEntry>(
  () => views.find(({ id }) => `#${id}` === hash.value) ?? views[0],
)

effect(() => {
  document.title = `${currentView.value.title} · Tensorweft`
})

export function show({ id }: ViewEntry): void {
  location.hash = id
}
