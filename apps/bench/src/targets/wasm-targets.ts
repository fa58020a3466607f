import type { Requirement, TargetSet } from './target.ts'

const [tfjs, jaxJs] = ['tfjs-wasm', 'jax-js-wasm'] as const

/** What the wasm backend has to show. */
export const wasmTargets: TargetSet = {
  name: 'wasm-targets',
  backend: 'wasm',
  peers: [tfjs, jaxJs],
  meter: { case: 'simd-rate', symbol: 'R' },
  machine: ['simd-rate', 'simd-rate-relaxed'],
  cases: [
    {
      case: 'matmul-1024x1024x1024',
      requirements: [share(0.82, { goal: 0.92 }), peer(tfjs, 1.35), peer(jaxJs, 1.5), own(1.75)],
    },
    { case: 'matmul-1023x1021x1019', requirements: [share(0.76)] },
    { case: 'matmul-256x256x256', requirements: [share(0.76)] },
    { case: 'matmul-100x784x256', requirements: [share(0.7)] },
    { case: 'matmul-256x256x10', requirements: [share(0.42)] },
    {
      case: 'mlp-sgd',
      requirements: [share(0.68), peer(tfjs, 10), peer(jaxJs, 1.7), own(1.5)],
    },
    { case: 'mlp-adam', requirements: [share(0.64), peer(tfjs, 10), own(1.5)] },
    {
      case: 'cnn-adam',
      requirements: [
        share(0.52, { goal: 0.7 }),
        peer(jaxJs, 90),
        own(1.6),
        {
          ...{ threads: 2, kind: 'share', atLeast: 0.79 },
          because: 'PyTorch 1.13 with one AVX-512 thread: 29.4 ms where R was 63 GFLOP/s',
        },
      ],
    },
    { case: 'cnn-forward', requirements: [peer(tfjs, 1.4)] },
    { case: 'elementwise', requirements: [peer(tfjs, 5)] },
    { case: 'elementwise-math', requirements: [peer(tfjs, 10)] },
    { case: 'softmax-rows', requirements: [peer(tfjs, 1), own(1.6)] },
    { case: 'layernorm-rows', requirements: [peer(tfjs, 10)] },
    { case: 'dcgan-step', peers: [], requirements: [share(0.45)] },
    {
      case: 'first-step-cnn',
      peers: [],
      requirements: [{ threads: 1, kind: 'time', atMostMs: 400 }],
    },
  ],
  studies: ['matmul-sweep', 'conv-sweep', 'memory-1000'],
}

function share(atLeast: number, { goal }: { goal?: number } = {}): Requirement {
  return { threads: 1, kind: 'share', atLeast, ...(goal === undefined ? {} : { goal }) }
}

function peer(name: string, atLeast: number): Requirement {
  return { threads: 1, kind: 'peer', peer: name, atLeast }
}

function own(atLeast: number): Requirement {
  return { threads: 2, kind: 'own', atLeast }
}
