import { registerBackend, setDefaultBackend } from '@tensorweft/core'
import { bestBackend } from './best-backend.ts'

// Importing this package has an effect, unlike all others: the backends get their names, and the
// best of them computes where none is set. Each is loaded when it is first used.
registerBackend('webgpu', async () => (await import('@tensorweft/backend-webgpu')).webgpu())
registerBackend('wasm', async () => (await import('@tensorweft/backend-wasm')).wasm())
registerBackend('cpu', async () => (await import('@tensorweft/backend-cpu')).cpu())
setDefaultBackend(bestBackend)
