import { signal } from '@preact/signals'
import type { BackendChoice, BackendName } from '../worker/backend-service.ts'
import { services } from '../worker/client.ts'

/** What may be chosen. */
export const choices = signal<readonly BackendChoice[]>([
  { name: 'cpu', problem: undefined },
  { name: 'wasm', problem: undefined },
  { name: 'webgpu', problem: undefined },
])

/** What computes; undefined until the worker has chosen. */
export const backend = signal<BackendName | undefined>(undefined)

/** Looks what works here and begins with the fastest. */
export async function startBackend(): Promise<void> {
  choices.value = await services.backend.choices()
  backend.value = await services.backend.best()
}

/** From the next step on `name` computes. The choice goes back to what it was where that fails. */
export async function chooseBackend(name: BackendName): Promise<void> {
  const before = backend.value
  backend.value = name
  try {
    await services.backend.use(name)
  } catch (error) {
    if (backend.value === name) backend.value = before
    throw error
  }
}
