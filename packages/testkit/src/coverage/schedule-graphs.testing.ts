import { cpu } from '@tensorweft/backend-cpu'
import { InterpreterBackend } from '../conformance/interpreter-backend.testing.ts'
import { withJavaScriptKernels } from '../custom-kernels/javascript-kernels.testing.ts'
import { checkRandomGraphs } from '../random-graphs/check.ts'
import { checkRareGraphs } from './rare-graphs.testing.ts'
import { uncoveredBlocks } from './uncovered.testing.ts'

// A program: runs graphs on backends that render all kinds of kernels and few, and prints as JSON
// which blocks of the scheduler they leave out.

const count = Number(process.argv[2] ?? 300)

const blocks = await uncoveredBlocks('/core/src/schedule/', async () => {
  const all = new InterpreterBackend()
  const few = new InterpreterBackend({}, { kernels: ['map', 'reduce'], functions: [] })
  for (const backend of [cpu(), few]) await checkRandomGraphs(backend, { count })
  for (const backend of [all, few]) await checkRareGraphs(backend)
  await withJavaScriptKernels('cpu', () => checkRandomGraphs(cpu(), { count: count / 4 }))
})
console.log(JSON.stringify(blocks))
