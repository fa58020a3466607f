import type { Requirement, TargetSet } from './target.ts'

/** What the webgpu backend has to show on a large GPU; the numbers are for one H100. */
export const gpuTargets: TargetSet = {
  name: 'gpu-targets',
  backend: 'webgpu',
  peers: ['tfjs-webgpu', 'jax-js-webgpu'],
  meter: { case: `copy-${2 ** 26}`, symbol: 'copy', quick: `copy-${2 ** 20}` },
  machine: [`copy-${2 ** 26}`],
  isQueued: true,
  limits: { warmUpMs: 400, budgetMs: 800, minRounds: 5, maxRounds: 8, maxBurst: 4000 },
  cases: [
    {
      case: 'matmul-4096x4096x4096',
      requirements: [rate(35e12, 42e12)],
      quick: 'matmul-256x256x256',
    },
    { case: 'matmul-1024x1024x1024', requirements: [rate(24e12)], quick: 'matmul-128x128x128' },
    { case: 'matmul-f16-4096x4096x4096', requirements: [], quick: 'matmul-f16-256x256x256' },
    { case: 'mlp-sgd', requirements: [time(0.13)], quick: 'mlp-sgd-b10' },
    { case: 'mlp-adam', requirements: [time(0.15)], quick: 'mlp-adam-b10' },
    { case: 'cnn-forward', requirements: [], quick: 'cnn-forward-b2' },
    { case: 'cnn-adam', requirements: [time(0.6)], quick: 'cnn-adam-b2' },
    { case: 'dcgan-step', requirements: [time(1)], quick: 'dcgan-step-b2' },
    { case: 'softmax-65536x1000', requirements: [share(0.6)], quick: 'softmax-512x1000' },
    { case: 'layernorm-65536x1024', requirements: [share(0.6)], quick: 'layernorm-512x1024' },
    { case: `sum-${2 ** 26}`, requirements: [share(0.6)], quick: `sum-${2 ** 20}` },
    { case: `elementwise-${2 ** 26}`, requirements: [share(0.6)], quick: `elementwise-${2 ** 20}` },
  ],
  studies: [],
}

function rate(atLeast: number, goal?: number): Requirement {
  return { threads: 1, kind: 'rate', atLeast, ...(goal === undefined ? {} : { goal }) }
}

function time(atMostMs: number): Requirement {
  return { threads: 1, kind: 'time', atMostMs }
}

/** Of what copying moves. */
function share(atLeast: number): Requirement {
  return { threads: 1, kind: 'share', atLeast }
}
