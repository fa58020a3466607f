import { type Backend, bestBackend, setBackend } from 'tensorweft'
import type { Context } from './context.ts'
import { webgpuProblem } from './webgpu-problem.ts'

const backendNames = ['cpu', 'wasm', 'webgpu'] as const
export type BackendName = (typeof backendNames)[number]

/** Whether a backend works here, and if not, why. */
export interface BackendChoice {
  readonly name: BackendName
  readonly problem: string | undefined
}

/** Which backends there are and which one computes. */
export interface BackendService {
  choices(): Promise<readonly BackendChoice[]>
  /** Begins with the fastest that works. */
  best(): Promise<BackendName>
  /** From the next step on this one computes; weights follow by themselves. */
  use(name: BackendName): Promise<void>
}

export function backendService(context: Context): BackendService {
  // In their order, whichever is made sooner: what was chosen last computes.
  const choose = async (backend: () => Backend | BackendName | Promise<Backend>) => {
    const chosen = context.backendChosen.then(backend).then(setBackend)
    context.backendChosen = chosen.catch(() => {})
    return chosen
  }
  return {
    choices: async () => [
      { name: 'cpu', problem: undefined },
      { name: 'wasm', problem: undefined },
      { name: 'webgpu', problem: await webgpuProblem() },
    ],
    async best() {
      const { name } = await choose(bestBackend)
      return backendNames.find((known) => known === name) ?? 'cpu'
    },
    async use(name) {
      await choose(() => name)
    },
  }
}
