import type { Subject } from './subject.ts'

/** A subject that does only what it is given. */
export function fakeSubject(parts: Partial<Subject>): Subject {
  const notAskedFor = () => Promise.reject(new Error('not asked for'))
  return {
    name: 'fake',
    threaded: false,
    options: { threads: 1 },
    activate: async () => {},
    matmul: notAskedFor,
    mlp: notAskedFor,
    cnnForward: notAskedFor,
    cnnTraining: notAskedFor,
    convolution: notAskedFor,
    dcgan: notAskedFor,
    elementwise: notAskedFor,
    sum: notAskedFor,
    softmax: notAskedFor,
    layerNorm: notAskedFor,
    layerNormGradient: notAskedFor,
    eagerCalls: notAskedFor,
    compiledCalls: notAskedFor,
    heldBytes: () => undefined,
    dispose: async () => {},
    ...parts,
  }
}
