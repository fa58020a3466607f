import { benchmark } from './benchmark.ts'

await benchmark(process.argv.slice(2))
