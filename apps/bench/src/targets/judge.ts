import type { Row } from '../row.ts'
import type { CaseResult } from '../run.ts'
import type { Absentee } from '../subject.ts'
import { formatRate, formatTime, rate, rateScale } from '../table.ts'
import type { Requirement, TargetCase } from './target.ts'

/** One case with one number of threads: what was measured and what that means. */
export interface TargetLine {
  readonly case: string
  readonly threads: number
  readonly medianMs?: number
  readonly minMs?: number
  /** Floating-point operations per second. */
  readonly rate?: number
  /** The least bytes that have to be moved, per second. */
  readonly bandwidth?: number
  /** Of what the machine could do at the time. */
  readonly share?: number
  /** Times as fast as each peer. */
  readonly peers: Readonly<Record<string, number>>
  /** Who could not run it, and why. */
  readonly absentees?: readonly Absentee[]
  /** What a study found, in place of a time. */
  readonly figure?: string
  readonly verdicts: readonly Verdict[]
}

export interface Verdict {
  /** For example `≥ 0.82 R`. */
  readonly target: string
  /** For example `0.61 R`; a reason where nothing was measured. */
  readonly got: string
  /** Undefined where nothing was measured. */
  readonly met?: boolean
}

/** How the subjects of a result are called, and what the machine can do. */
export interface Names {
  /** As in `0.82 R`. */
  readonly meter: string
  /** Ours by its number of threads. */
  readonly ours: ReadonlyMap<number, string>
  readonly peers: readonly string[]
}

/** A line for each number of threads that was measured or is required. */
export function judge(
  target: TargetCase,
  result: CaseResult | { readonly failure: string },
  { meter, ours, peers }: Names,
): TargetLine[] {
  const required = target.requirements.map(({ threads }) => threads)
  const counts = [...new Set([...ours.keys(), ...required])].sort((a, b) => a - b)
  return counts.map((threads) => {
    const requirements = target.requirements.filter((one) => one.threads === threads)
    const measured = 'failure' in result ? undefined : measurements(threads, result, ours, peers)
    const absentees = 'failure' in result ? [] : result.absentees
    const absent = absentees.find(({ subject }) => subject === ours.get(threads))
    const reason =
      'failure' in result ? result.failure : (absent?.reason ?? `not run with threads ${threads}`)
    return {
      case: target.case,
      threads,
      ...(measured?.figures ?? { peers: {} }),
      ...(absentees.length === 0 ? {} : { absentees }),
      verdicts: requirements.map((one) => verdictOn(one, { measured, absentees, reason, meter })),
    }
  })
}

interface Measured {
  readonly figures: Omit<TargetLine, 'case' | 'threads' | 'absentees' | 'verdicts'>
  /** Times as fast as with one thread. */
  readonly speedUp?: number
}

function measurements(
  threads: number,
  { rows, meter }: CaseResult,
  ours: ReadonlyMap<number, string>,
  peers: readonly string[],
): Measured | undefined {
  const find = (name: string | undefined): Row | undefined =>
    rows.find(({ subject }) => subject === name)
  const row = find(ours.get(threads))
  if (row === undefined) return undefined
  const [perSecond, bandwidth] = [rate(row), rate(row, 'bytes')]
  const metered = meter && rate(row, meter.unit)
  const single = find(ours.get(1))
  return {
    figures: {
      medianMs: row.medianMs,
      minMs: row.minMs,
      ...(perSecond === undefined ? {} : { rate: perSecond }),
      ...(bandwidth === undefined ? {} : { bandwidth }),
      ...(metered === undefined || !meter ? {} : { share: metered / meter.perSecond }),
      peers: Object.fromEntries(
        peers.flatMap((name) => {
          const other = find(name)
          return other === undefined ? [] : [[name, other.medianMs / row.medianMs]]
        }),
      ),
    },
    ...(single === undefined ? {} : { speedUp: single.medianMs / row.medianMs }),
  }
}

interface Evidence {
  readonly measured: Measured | undefined
  readonly absentees: readonly Absentee[]
  /** Why nothing was measured, if so. */
  readonly reason: string
  readonly meter: string
}

function verdictOn(
  requirement: Requirement,
  { measured, absentees, reason, meter }: Evidence,
): Verdict {
  const target = describe(requirement, meter)
  if (measured === undefined) return { target, got: reason }
  const value = measuredValue(requirement, measured)
  if (value === undefined) return { target, got: whyNot(requirement, absentees) }
  switch (requirement.kind) {
    case 'time':
      return { target, got: `${formatTime(value)} ms`, met: value <= requirement.atMostMs }
    case 'rate':
      return { target, got: describeRate(value), met: value >= requirement.atLeast }
    case 'share':
      return { target, got: `${value.toPrecision(3)} ${meter}`, met: value >= requirement.atLeast }
    default:
      return { target, got: `${value.toPrecision(3)} ×`, met: value >= requirement.atLeast }
  }
}

function whyNot(requirement: Requirement, absentees: readonly Absentee[]): string {
  const absent = absentees.find(
    ({ subject }) => requirement.kind === 'peer' && requirement.peer === subject,
  )
  return absent?.reason ?? 'not measured'
}

function measuredValue(
  requirement: Requirement,
  { figures, speedUp }: Measured,
): number | undefined {
  switch (requirement.kind) {
    case 'share':
      return figures.share
    case 'peer':
      return figures.peers[requirement.peer]
    case 'own':
      return speedUp
    case 'time':
      return figures.medianMs
    case 'rate':
      return figures.rate
  }
}

function describe(requirement: Requirement, meter: string): string {
  switch (requirement.kind) {
    case 'share': {
      const { atLeast, goal, because } = requirement
      const notes = [goal === undefined ? [] : `goal ${goal}`, because ?? []].flat()
      return `≥ ${atLeast} ${meter}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`
    }
    case 'peer':
      return `≥ ${requirement.atLeast} × ${requirement.peer}`
    case 'own':
      return `≥ ${requirement.atLeast} × one thread`
    case 'time':
      return `≤ ${requirement.atMostMs} ms`
    case 'rate': {
      const { atLeast, goal } = requirement
      return `≥ ${describeRate(atLeast)}${goal === undefined ? '' : ` (goal ${describeRate(goal)})`}`
    }
  }
}

function describeRate(perSecond: number): string {
  const scale = rateScale('flops', perSecond)
  return `${formatRate(perSecond, scale)} ${scale.title}`
}
