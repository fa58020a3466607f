import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { CommanderError } from 'commander'
import { type BenchRequest, parseArguments } from './cli.ts'
import { BenchError, SubjectError } from './errors.ts'
import { usedGpuName } from './gpu/provide-gpu.ts'
import { loadSubjects } from './load-subjects.ts'
import { runWork } from './run-work.ts'
import type { Subject } from './subject.ts'
import { countVerdicts, formatLines } from './targets/format-lines.ts'
import { runTargets } from './targets/run-targets.ts'

/** Measures what the arguments ask for and prints it; what goes wrong sets the exit code. */
export async function benchmark(args: readonly string[]): Promise<void> {
  await measureAll(args).catch(report)
}

async function measureAll(args: readonly string[]): Promise<void> {
  const request = parseArguments(args)
  const { version } = process
  const [cpu, cores] = [cpus()[0]?.model ?? 'unknown processor', availableParallelism()]
  console.log(`Node ${version.slice(1)}, ${cpu}, ${cores} cores`)
  const ours = await loadSubjects(request.backends, request.threads)
  const peers = await loadSubjects(request.peers, [1])
  const gpu = await usedGpuName()
  if (gpu !== undefined) console.log(`GPU: ${gpu}`)
  try {
    noteThreads([...ours, ...peers], request.threads)
    const results = await run(request, ours, peers)
    if (request.json !== undefined) {
      writeJson(
        request.json,
        Array.isArray(results) ? results : { version, cpu, cores, gpu, ...results },
      )
    }
  } finally {
    for (const subject of [...ours, ...peers]) await subject.dispose()
  }
}

/** Prints what is measured; the results are what `--json` writes. */
async function run(
  { work, targets, isQueued }: BenchRequest,
  ours: readonly Subject[],
  peers: readonly Subject[],
): Promise<object> {
  const print = (text: string) => console.log(text)
  if (targets === undefined) return runWork(work, ours, peers, { isQueued, print })
  const report = await runTargets(targets, { ours, peers }, print)
  const names = { meter: targets.meter.symbol, peers: peers.map(({ name }) => name) }
  print(`\n${targets.name}\n${formatLines(report.lines, names)}\n${countVerdicts(report.lines)}`)
  return report
}

function noteThreads(subjects: readonly Subject[], threads: readonly number[]): void {
  const single = subjects.filter((subject) => !subject.threaded).map((subject) => subject.name)
  if (threads.every((count) => count === 1) || single.length === 0) return
  console.log(`On one thread whatever --threads says: ${single.join(', ')}`)
}

function writeJson(file: string, results: object): void {
  try {
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  } catch (error) {
    throw new BenchError(`Cannot write ${file}: ${error instanceof Error ? error.message : error}`)
  }
}

/** What the user got wrong, and a failed check, are one line; anything else keeps its stack. */
function report(thrown: unknown): void {
  const error = thrown instanceof SubjectError ? thrown.cause : thrown
  if (error instanceof CommanderError) {
    // Commander has printed its message, or the help.
    process.exitCode = error.exitCode
    return
  }
  console.error(error instanceof BenchError ? error.message : error)
  process.exitCode = 1
}
