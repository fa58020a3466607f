import { type Backend, BackendError, memory, setBackend } from '@tensorweft/core'
import { BenchError } from '../../errors.ts'
import { provideGpu } from '../../gpu/provide-gpu.ts'
import { nullDevice } from '../../own-time/null-device.ts'
import type { Subject, SubjectOptions } from '../../subject.ts'
import type { LoadSubject } from '../load-subject.ts'
import { compiledCalls, eagerCalls } from './calls.ts'
import { cnnForward, cnnTraining } from './cnn.ts'
import { convolution } from './convolution.ts'
import { dcgan } from './dcgan.ts'
import { elementwise } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { mlp } from './mlp.ts'
import { layerNormGradient, layerNormRows, softmaxRows } from './rows.ts'
import { sum } from './sum.ts'

interface BackendEntry {
  readonly threaded: boolean
  /** Imports the backend's package and makes an instance. */
  readonly make: (options: SubjectOptions) => Promise<Backend>
}

const entries: Readonly<Record<string, BackendEntry>> = {
  cpu: { threaded: false, make: async () => (await import('@tensorweft/backend-cpu')).cpu() },
  wasm: {
    threaded: true,
    make: async ({ threads }) => (await import('@tensorweft/backend-wasm')).wasm({ threads }),
  },
  webgpu: {
    threaded: false,
    async make() {
      await provideGpu()
      const { webgpu } = await import('@tensorweft/backend-webgpu')
      return webgpu({ powerPreference: 'high-performance' })
    },
  },
  // Computes nothing: for what its JavaScript takes.
  'webgpu-null': {
    threaded: false,
    make: async () => (await import('@tensorweft/backend-webgpu')).webgpu({ device: nullDevice() }),
  },
}

/** Those that run on every machine. */
export const defaultBackends: readonly string[] = ['cpu', 'wasm']

/** Our own backends by the name that `--backends` takes. */
export const backends: ReadonlyMap<string, LoadSubject> = new Map(
  Object.entries(entries).map(([name, entry]): [string, LoadSubject] => [
    name,
    async (options) => tensorweft(name, entry, options),
  ]),
)

async function tensorweft(
  name: string,
  { threaded, make }: BackendEntry,
  options: SubjectOptions,
): Promise<Subject> {
  const backend = await make(options).catch((error: unknown) => {
    throw error instanceof BackendError ? new BenchError(error.message) : error
  })
  return {
    name: `tensorweft/${name}${threaded && options.threads > 1 ? `×${options.threads}` : ''}`,
    threaded,
    options,
    async activate() {
      await setBackend(backend)
    },
    matmul: async (problem) => matmul(problem, backend),
    mlp: async (problem) => mlp(problem, backend),
    cnnForward: async (problem) => cnnForward(problem, backend),
    cnnTraining: async (problem) => cnnTraining(problem, backend),
    convolution: async (problem) => convolution(problem, backend),
    dcgan: async (problem) => dcgan(problem, backend),
    elementwise: async (problem) => elementwise(problem, backend),
    sum: async (problem) => sum(problem, backend),
    softmax: async (problem) => softmaxRows(problem, backend),
    layerNorm: async (problem) => layerNormRows(problem, backend),
    layerNormGradient: async (problem) => layerNormGradient(problem, backend),
    eagerCalls: async (problem) => eagerCalls(problem),
    compiledCalls: async (problem) => compiledCalls(problem, backend),
    heldBytes,
    dispose: () => backend.dispose(),
  }
}

/** On all backends: the report does not tell two of one kind apart. */
function heldBytes(): number {
  return memory().backends.reduce((sum, { bytes, planBytes }) => sum + bytes + planBytes, 0)
}
