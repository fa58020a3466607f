import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type { Subject, SubjectOptions } from '../../subject.ts'
import { eagerCalls } from './calls.ts'
import { cnnForward, cnnTraining } from './cnn.ts'
import { elementwise } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { mlp } from './mlp.ts'

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
    elementwise: async (problem) => elementwise(tf, problem),
    eagerCalls: async (problem) => eagerCalls(tf, problem),
    compiledCalls: async () => ({ unsupported: 'compiles no functions' }),
    dispose: async () => {},
  }
}

/** The binaries lie beside the entry of the package. */
async function locateWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(entry) + sep)
}
