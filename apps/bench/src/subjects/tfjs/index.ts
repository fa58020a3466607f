import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { provideGpu } from '../../gpu/provide-gpu.ts'
import type { Subject, SubjectOptions, Unsupported } from '../../subject.ts'
import { unswept } from '../unswept.ts'
import { eagerCalls } from './calls.ts'
import { cnnForward, cnnTraining, lacksFilterGradient } from './cnn.ts'
import { dcgan } from './dcgan.ts'
import { elementwise } from './elementwise.ts'
import { isQueued } from './finish.ts'
import { matmul } from './matmul.ts'
import { mlp } from './mlp.ts'
import { layerNormGradient, layerNormRows, softmaxRows } from './rows.ts'
import { sum } from './sum.ts'

const tooSlow: Unsupported = {
  unsupported: 'not measured: for cnn-adam it needs half a minute a step',
}

export type TfjsBackend = 'cpu' | 'wasm' | 'webgpu'

/** TensorFlow.js on one of its backends. In Node, `cpu` and `wasm` compute on one thread. */
export async function tfjs(backend: TfjsBackend, options: SubjectOptions): Promise<Subject> {
  const tf = await import('@tensorflow/tfjs')
  // Without the checks and the greeting of development mode.
  tf.enableProdMode()
  if (backend === 'wasm') await locateWasm()
  if (backend === 'webgpu') await registerWebGpu()
  return {
    name: `tfjs-${backend}`,
    threaded: false,
    options,
    async activate() {
      if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend '${backend}'`)
    },
    matmul: async (problem) => matmul(tf, problem),
    mlp: async (problem) => mlp(tf, problem),
    cnnForward: async (problem) => cnnForward(tf, problem),
    cnnTraining: async (problem) => cnnTraining(tf, problem),
    convolution: async () => unswept,
    dcgan: async (problem) => {
      const lack = lacksFilterGradient(tf)
      if (lack !== undefined) return { unsupported: lack }
      return isQueued(tf) ? dcgan(tf, problem) : tooSlow
    },
    elementwise: async (problem) => elementwise(tf, problem),
    sum: async (problem) => sum(tf, problem),
    softmax: async (problem) => softmaxRows(tf, problem),
    layerNorm: async (problem) => layerNormRows(tf, problem),
    layerNormGradient: async (problem) => layerNormGradient(tf, problem),
    eagerCalls: async (problem) => eagerCalls(tf, problem),
    compiledCalls: async () => ({ unsupported: 'compiles no functions' }),
    heldBytes: () => tf.memory().numBytes,
    dispose: async () => {},
  }
}

/** It looks for `navigator.gpu` when it is imported. */
async function registerWebGpu(): Promise<void> {
  await provideGpu()
  await import('@tensorflow/tfjs-backend-webgpu')
}

/** The binaries lie beside the entry of the package. */
async function locateWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(entry) + sep)
}
