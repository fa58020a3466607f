import { benchmark } from './benchmark.ts'
import { gpuTargets } from './targets/gpu-targets.ts'

// Where no case is named, everything that the webgpu backend has to show.
const args = process.argv.slice(2)
const [first = '-'] = args
await benchmark(first.startsWith('-') ? [gpuTargets.name, ...args] : args)
