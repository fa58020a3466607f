import { provideGpu } from '../../gpu/provide-gpu.ts'
import type { Subject, SubjectOptions } from '../../subject.ts'
import { unswept } from '../unswept.ts'
import { compiledCalls, eagerCalls } from './calls.ts'
import { cnnForward, cnnTraining } from './cnn.ts'
import { elementwise } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { mlp } from './mlp.ts'
import { layerNormGradient, layerNormRows, softmaxRows } from './rows.ts'
import { sum } from './sum.ts'

export type JaxJsDevice = 'wasm' | 'webgpu'

/** Why nothing is measured of the GAN. */
const ganReasons: Readonly<Record<JaxJsDevice, string>> = {
  wasm: 'not measured: for cnn-adam it needs seconds a step',
  webgpu: 'not measured: on SwiftShader no step of it ended within minutes',
}

/**
 * jax-js on one of its devices; on wasm without web workers, as in Node, it computes on one thread.
 */
export async function jaxJs(device: JaxJsDevice, options: SubjectOptions): Promise<Subject> {
  if (device === 'webgpu') await provideGpu()
  const jax = await import('@jax-js/jax')
  if (!(await jax.init(device)).includes(device)) throw new Error(`jax-js has no ${device} here`)
  return {
    name: `jax-js-${device}`,
    threaded: false,
    options,
    async activate() {
      jax.defaultDevice(device)
    },
    matmul: async (problem) => matmul(jax, problem),
    mlp: async (problem) => mlp(jax, problem),
    cnnForward: async (problem) => cnnForward(jax, problem),
    cnnTraining: async (problem) => cnnTraining(jax, problem),
    convolution: async () => unswept,
    dcgan: async () => ({ unsupported: ganReasons[device] }),
    elementwise: async (problem) => elementwise(jax, problem),
    sum: async (problem) => sum(jax, problem),
    softmax: async (problem) => softmaxRows(jax, problem),
    layerNorm: async (problem) => layerNormRows(jax, problem),
    layerNormGradient: async (problem) => layerNormGradient(jax, problem),
    eagerCalls: async (problem) => eagerCalls(jax, problem),
    compiledCalls: async (problem) => compiledCalls(jax, problem),
    heldBytes: () => undefined,
    dispose: async () => {},
  }
}
