import { findCase } from '../cases/index.ts'
import { BenchError } from '../errors.ts'
import { type MeasureLimits, measureLimits } from '../measure.ts'
import { makeRateMeter, type RateMeter } from '../rate-meter.ts'
import type { Row } from '../row.ts'
import { type CaseResult, runCase } from '../run.ts'
import { type Finding, formatFinding, studies } from '../studies.ts'
import { type Subject, threadsOf } from '../subject.ts'
import { formatTable } from '../table.ts'
import { judge, type Names, type TargetLine } from './judge.ts'
import type { TargetCase, TargetSet } from './target.ts'

/** Who takes part. */
export interface Participants {
  /** Our backend, once for each number of threads. */
  readonly ours: readonly Subject[]
  readonly peers: readonly Subject[]
}

export interface TargetReport {
  /** The core's rate with plain and with relaxed SIMD, and whatever else was timed. */
  readonly rows: readonly Row[]
  readonly findings: readonly Finding[]
  readonly lines: readonly TargetLine[]
}

interface Surroundings {
  readonly meter: RateMeter
  readonly limits: MeasureLimits
  readonly print: (text: string) => void
}

/** Measures everything that the set asks for; `print` gets each result as soon as it is there. */
export async function runTargets(
  set: TargetSet,
  participants: Participants,
  print: (text: string) => void,
  limits: MeasureLimits = measureLimits,
): Promise<TargetReport> {
  const rows: Row[] = []
  const lines: TargetLine[] = []
  for (const name of ['simd-rate', 'simd-rate-relaxed']) {
    const result = await runCase(findCase(name), [], limits)
    print(`\n${name}: ${findCase(name).summary}\n${formatTable(result)}`)
    rows.push(...result.rows)
  }
  const meter = await makeRateMeter()
  for (const target of set.cases) {
    const result = await runTargetCase(target, participants, { meter, limits, print })
    if (!('failure' in result)) rows.push(...result.rows)
    lines.push(...judge(target, result, namesOf(participants)))
  }
  const findings = await runStudies(set, participants, meter, print)
  const [threads = 1] = participants.ours.map(threadsOf)
  return { rows, findings, lines: [...lines, ...findings.map((one) => lineOf(one, threads))] }
}

/** One case that fails leaves the others their figures. */
async function runTargetCase(
  target: TargetCase,
  { ours, peers }: Participants,
  { meter, limits, print }: Surroundings,
): Promise<CaseResult | { failure: string }> {
  const benchCase = findCase(target.case)
  const wanted = peers.filter(({ name }) => target.peers?.includes(name) ?? true)
  print(`\n${benchCase.name}: ${benchCase.summary}`)
  try {
    const result = await runCase(benchCase, [...ours, ...wanted], limits, meter)
    print(formatTable(result, result.coreRate))
    return result
  } catch (error) {
    return failed(error, print)
  }
}

/** With the first number of threads: what the studies look for does not depend on it. */
async function runStudies(
  set: TargetSet,
  { ours: [subject] }: Participants,
  meter: RateMeter,
  print: (text: string) => void,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const study of studies.filter(({ name }) => set.studies.includes(name))) {
    if (subject === undefined) break
    print(`\n${study.name}: ${study.summary}`)
    const finding = await study.run(subject, meter).catch((error: unknown): Finding => {
      const figure = failed(error, print).failure
      return { study: study.name, subject: subject.name, figure, passed: false, details: [] }
    })
    print(formatFinding(finding))
    findings.push(finding)
  }
  return findings
}

/** The message for the table; whatever is no plain refusal is printed with its stack. */
function failed(error: unknown, print: (text: string) => void): { failure: string } {
  const message = error instanceof Error ? error.message : String(error)
  const isPlain = error instanceof BenchError || !(error instanceof Error)
  print(`failed: ${isPlain ? message : (error.stack ?? message)}`)
  return { failure: `failed: ${message}` }
}

function namesOf({ ours, peers }: Participants): Names {
  return {
    ours: new Map(ours.map((one) => [threadsOf(one), one.name])),
    peers: peers.map(({ name }) => name),
  }
}

function lineOf({ study, figure, passed }: Finding, threads: number): TargetLine {
  return {
    case: study,
    threads,
    peers: {},
    figure,
    verdicts: [{ target: 'nothing found', got: '', met: passed }],
  }
}
