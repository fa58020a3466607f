import { findCase } from '../cases/index.ts'
import { BenchError, SubjectError } from '../errors.ts'
import { type MeasureLimits, measureLimits } from '../measure.ts'
import { makeRateMeter, type RateMeter } from '../rate-meter.ts'
import type { Row } from '../row.ts'
import { type CaseResult, type RunOptions, runCase } from '../run.ts'
import { type Finding, formatFinding, studies } from '../studies.ts'
import { type Absentee, type Subject, threadsOf } from '../subject.ts'
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
  /** What the machine alone can do, and whatever else was timed. */
  readonly rows: readonly Row[]
  readonly findings: readonly Finding[]
  readonly lines: readonly TargetLine[]
}

interface Surroundings {
  readonly options: RunOptions & { readonly meter: RateMeter }
  readonly print: (text: string) => void
}

/** Measures everything that the set asks for; `print` gets each result as soon as it is there. */
export async function runTargets(
  set: TargetSet,
  participants: Participants,
  print: (text: string) => void,
  usualLimits: MeasureLimits = measureLimits,
): Promise<TargetReport> {
  const { isQueued = false } = set
  const limits: MeasureLimits = { ...usualLimits, ...set.limits }
  const rows: Row[] = []
  const lines: TargetLine[] = []
  for (const name of set.machine) {
    const result = await runCase(findCase(name), [], { limits, isQueued })
    print(`\n${name}: ${findCase(name).summary}\n${formatTable(result)}`)
    rows.push(...result.rows)
  }
  const meter = await makeRateMeter(set.meter.case, { isQueued })
  for (const target of set.cases) {
    const options = { limits, meter, isQueued }
    const result = await runTargetCase(target, participants, { options, print })
    if (!('failure' in result)) rows.push(...result.rows)
    lines.push(...judge(target, result, namesOf(participants, set)))
  }
  const findings = await runStudies(set, participants, meter, print)
  await meter.dispose()
  const [threads = 1] = participants.ours.map(threadsOf)
  return { rows, findings, lines: [...lines, ...findings.map((one) => lineOf(one, threads))] }
}

/** One case that fails leaves the others their figures; one peer that fails leaves us ours. */
async function runTargetCase(
  target: TargetCase,
  { ours, peers }: Participants,
  { options, print }: Surroundings,
): Promise<CaseResult | { failure: string }> {
  const benchCase = findCase(target.case)
  let wanted = peers.filter(({ name }) => target.peers?.includes(name) ?? true)
  const dropped: Absentee[] = []
  print(`\n${benchCase.name}: ${benchCase.summary}`)
  for (;;) {
    try {
      const { absentees, ...rest } = await runCase(benchCase, [...ours, ...wanted], options)
      const result = { ...rest, absentees: [...absentees, ...dropped] }
      print(formatTable(result, result.meter))
      return result
    } catch (error) {
      const { failure } = failed(error, print)
      const guilty = wanted.find(
        ({ name }) => error instanceof SubjectError && error.subject === name,
      )
      if (guilty === undefined) return { failure }
      dropped.push({ subject: guilty.name, reason: failure })
      wanted = wanted.filter((peer) => peer !== guilty)
    }
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
function failed(thrown: unknown, print: (text: string) => void): { failure: string } {
  const error = thrown instanceof SubjectError ? thrown.cause : thrown
  const message = error instanceof Error ? error.message : String(error)
  const isPlain = error instanceof BenchError || !(error instanceof Error)
  print(`failed: ${isPlain ? message : (error.stack ?? message)}`)
  return { failure: `failed: ${message}` }
}

function namesOf({ ours, peers }: Participants, { meter }: TargetSet): Names {
  return {
    meter: meter.symbol,
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
