import type { Subject, SubjectOptions } from '../../subject.ts'
import { unswept } from '../unswept.ts'
import { compiledCalls, eagerCalls } from './calls.ts'
import { cnnForward, cnnTraining } from './cnn.ts'
import { elementwise } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { mlp } from './mlp.ts'
import { layerNormGradient, softmaxRows } from './rows.ts'

/** jax-js on its wasm backend; without web workers, as in Node, it computes on one thread. */
export async function jaxJsWasm(options: SubjectOptions): Promise<Subject> {
  const jax = await import('@jax-js/jax')
  if (!(await jax.init('wasm')).includes('wasm')) throw new Error('jax-js has no wasm backend here')
  return {
    name: 'jax-js-wasm',
    threaded: false,
    options,
    async activate() {
      jax.defaultDevice('wasm')
    },
    matmul: async (problem) => matmul(jax, problem),
    mlp: async (problem) => mlp(jax, problem),
    cnnForward: async (problem) => cnnForward(jax, problem),
    cnnTraining: async (problem) => cnnTraining(jax, problem),
    convolution: async () => unswept,
    dcgan: async () => ({ unsupported: 'not measured: for cnn-adam it needs seconds a step' }),
    elementwise: async (problem) => elementwise(jax, problem),
    softmax: async (problem) => softmaxRows(jax, problem),
    layerNormGradient: async (problem) => layerNormGradient(jax, problem),
    eagerCalls: async (problem) => eagerCalls(jax, problem),
    compiledCalls: async (problem) => compiledCalls(jax, problem),
    heldBytes: () => undefined,
    dispose: async () => {},
  }
}
