import { choices } from './backend.ts'
import { BackendChooser } from './backend-chooser.tsx'
import { ProblemBanner } from './problem-banner.tsx'
import { Tabs } from './tabs.tsx'
import { ThemeButton } from './theme-button.tsx'
import { ViewPanel } from './view-panel.tsx'

export function App() {
  return (
    <>
      <header>
        <h1>Tensorweft</h1>
        <Tabs />
        <BackendChooser />
        <ThemeButton />
      </header>
      <ProblemBanner />
      <ViewPanel />
      <footer>
        <p>{threads()}</p>
        {choices.value.map(({ name, problem }) =>
          problem === undefined ? null : (
            <p key={name}>
              No {name}: {problem}
            </p>
          ),
        )}
      </footer>
    </>
  )
}

/** What the page may use of the machine. */
function threads(): string {
  return crossOriginIsolated
    ? `Everything is computed in this page, wasm on up to ${navigator.hardwareConcurrency} threads.`
    : 'Everything is computed in this page, wasm on one thread: the page is not cross-origin isolated.'
}
