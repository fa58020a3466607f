import { cpu } from '@tensorweft/backend-cpu'
import { formatReport } from '../conformance/format-report.ts'
import { InterpreterBackend } from '../conformance/interpreter-backend.testing.ts'
import { runConformance } from '../conformance/run-conformance.ts'
import { compareRun } from '../random-graphs/check.ts'
import { Choices } from '../random-graphs/choices.ts'
import { defaultLimits, generateGraph } from '../random-graphs/generate.ts'
import { type RunMode, runModes } from '../random-graphs/run-modes.ts'

// A program: runs random graphs until one is wrong, and says after how many; or the conformance
// cases that an argument names.

const modes = Object.keys(runModes) as RunMode[]
const limit = Number(process.argv[2] ?? 6000)
const only = process.argv[3]

if (only !== undefined) {
  const report = await runConformance(cpu, { only: [only] })
  console.log(report.failed > 0 ? `caught: ${formatReport(report)}` : `survived ${only}`)
  process.exit(0)
}

for (let seed = 0; seed < limit; seed++) {
  const program = generateGraph(Choices.random(seed), defaultLimits)
  const mode = modes[seed % modes.length] ?? 'eager'
  // Loops over chunks hide what is overwritten within a chunk; the interpreter goes point by point.
  const backend = Math.floor(seed / modes.length) % 2 === 0 ? cpu() : new InterpreterBackend()
  const { difference } = await compareRun(program, mode, backend)
  if (difference === undefined) continue
  console.log(`caught after ${seed + 1} graphs: ${mode}: ${difference.slice(0, 200)}`)
  process.exit(0)
}
console.log(`survived ${limit} graphs`)
