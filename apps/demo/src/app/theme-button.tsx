import { theme, themes } from './theme.ts'

const icons = { system: '◐', light: '☀', dark: '☾' }

/** Goes from one theme to the next. */
export function ThemeButton() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system'
  return (
    <button
      type="button"
      class="quiet theme"
      aria-label={`Theme: ${theme.value}`}
      title={`Theme: ${theme.value}. Change to ${next}.`}
      onClick={() => {
        theme.value = next
      }}
    >
      <span aria-hidden="true">{icons[theme.value]}</span>
    </button>
  )
}
