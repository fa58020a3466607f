import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { CommanderError } from 'commander'
import { type BenchRequest, parseArguments } from './cli.ts'
import { BenchError } from './errors.ts'
import type { Row } from './row.ts'
import { runCase } from './run.ts'
import type { Subject } from './subject.ts'
import { formatTable, rate } from './table.ts'

async function main(): Promise<void> {
  const request = parseArguments(process.argv.slice(2))
  console.log(`Node ${process.versions.node}, ${cpus()[0]?.model}, ${availableParallelism()} cores`)
  const subjects = await loadSubjects(request)
  try {
    noteThreads(subjects, request.threads)
    const rows = await runCases(request, subjects)
    if (request.json !== undefined) writeRows(request.json, rows)
  } finally {
    for (const subject of subjects) await subject.dispose()
  }
}

async function loadSubjects({ subjects, threads }: BenchRequest): Promise<Subject[]> {
  const loaded: Subject[] = []
  for (const load of subjects) loaded.push(await load({ threads }))
  return loaded
}

/** Each table is printed as soon as its case is done. */
async function runCases(
  { cases }: BenchRequest,
  subjects: readonly Subject[],
): Promise<readonly Row[]> {
  const all: Row[] = []
  let peakRate: number | undefined
  for (const benchCase of cases) {
    console.log(`\n${benchCase.name}: ${benchCase.summary}`)
    const result = await runCase(benchCase, subjects)
    const [first] = result.rows
    if (benchCase.name === 'simd-rate' && first !== undefined) peakRate = rate(first)
    console.log(formatTable(result, peakRate))
    all.push(...result.rows)
  }
  return all
}

function noteThreads(subjects: readonly Subject[], threads: number): void {
  const single = subjects.filter((subject) => !subject.threaded).map((subject) => subject.name)
  if (threads === 1 || single.length === 0) return
  console.log(`On one thread whatever --threads says: ${single.join(', ')}`)
}

function writeRows(file: string, rows: readonly Row[]): void {
  try {
    writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`)
  } catch (error) {
    throw new BenchError(`Cannot write ${file}: ${error instanceof Error ? error.message : error}`)
  }
}

/** What the user got wrong, and a failed check, are one line; anything else keeps its stack. */
function report(error: unknown): void {
  if (error instanceof CommanderError) {
    // Commander has printed its message, or the help.
    process.exitCode = error.exitCode
    return
  }
  console.error(error instanceof BenchError ? error.message : error)
  process.exitCode = 1
}

await main().catch(report)
