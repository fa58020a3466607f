import { render } from 'preact'
import { App } from './app/app.tsx'
import { startBackend } from './app/backend.ts'
import { report } from './app/errors.ts'
import { startTheme } from './app/theme.ts'
import './style.css'
import './ui/ui.css'
import './app/app.css'

addEventListener('error', ({ error, message }) => report(error ?? message))
addEventListener('unhandledrejection', ({ reason }) => report(reason))

startTheme()
const root = document.querySelector('#app')
if (root !== null) render(<App />, root)
startBackend().catch(report)
