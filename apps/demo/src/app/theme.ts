import { effect, signal } from '@preact/signals'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const storageKey = 'tensorweft-theme'

/** How the page looks; remembered for the next visit. */
export const theme = signal<Theme>(remembered())

/** How often the colours have changed: what draws on a canvas draws again. */
export const paint = signal(0)

/** Applies the theme to the page, now and whenever it changes. */
export function startTheme(): void {
  const isDark = matchMedia('(prefers-color-scheme: dark)')
  isDark.addEventListener('change', paintAgain)
  effect(() => {
    document.documentElement.dataset.theme = theme.value
    remember(theme.value)
    paintAgain()
  })
}

/** Of the current paint, as asking costs a pass over the styles of the page. */
const colours = new Map<string, string>()

/** The colour that a custom property such as `--accent` has now. */
export function colourOf(property: string): string {
  const known = colours.get(property)
  if (known !== undefined) return known
  const probe = document.createElement('span')
  probe.style.color = `var(${property})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  colours.set(property, color)
  return color
}

function paintAgain() {
  colours.clear()
  paint.value = paint.peek() + 1
}

function remembered(): Theme {
  try {
    const stored = localStorage.getItem(storageKey)
    return themes.find((known) => known === stored) ?? 'system'
  } catch {
    return 'system'
  }
}

/** Pages may be forbidden to store anything; the theme then lasts as long as the page. */
function remember(chosen: Theme): void {
  try {
    localStorage.setItem(storageKey, chosen)
  } catch {}
}
