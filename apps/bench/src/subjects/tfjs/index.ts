import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type { Subject, SubjectOptions } from '../../subject.ts'
import { unswept } from '../unswept.ts'
import { eagerCalls } from './calls.ts'
import { cnnForward, cnnTraining, lacksFilterGradient } from './cnn.ts'
import { elementwise } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { mlp } from './mlp.ts'
import { layerNormGradient, softmaxRows } from './rows.ts'

/** TensorFlow.js on its `cpu` or `wasm` backend. In Node, both compute on one thread. */
export async function tfjs(backend: 'cpu' | 'wasm', options: SubjectOptions): Promise<Subject> {
  const tf = await import('@tensorflow/tfjs')
  // Without the checks and the greeting of development mode.
  tf.enableProdMode()
  if (backend === 'wasm') await locateWasm()
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
    dcgan: async () => ({
      unsupported:
        lacksFilterGradient(tf) ?? 'not measured: for cnn-adam it needs half a minute a step',
    }),
    elementwise: async (problem) => elementwise(tf, problem),
    softmax: async (problem) => softmaxRows(tf, problem),
    layerNormGradient: async (problem) => layerNormGradient(tf, problem),
    eagerCalls: async (problem) => eagerCalls(tf, problem),
    compiledCalls: async () => ({ unsupported: 'compiles no functions' }),
    heldBytes: () => tf.memory().numBytes,
    dispose: async () => {},
  }
}

/** The binaries lie beside the entry of the package. */
async function locateWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(entry) + sep)
}
