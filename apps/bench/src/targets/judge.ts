import type { Row } from '../row.ts'
import type { CaseResult } from '../run.ts'
import { rate } from '../table.ts'
import type { Requirement, TargetCase } from './target.ts'

/** One case with one number of threads: what was measured and what that means. */
export interface TargetLine {
  readonly case: string
  readonly threads: number
  readonly medianMs?: number
  readonly minMs?: number
  /** Floating-point operations per second. */
  readonly rate?: number
  /** Of R. */
  readonly share?: number
  /** Times as fast as each peer. */
  readonly peers: Readonly<Record<string, number>>
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

/** How the subjects of a result are called. */
export interface Names {
  /** Ours by its number of threads. */
  readonly ours: ReadonlyMap<number, string>
  readonly peers: readonly string[]
}

/** A line for each number of threads that was measured or is required. */
export function judge(
  target: TargetCase,
  result: CaseResult | { readonly failure: string },
  { ours, peers }: Names,
): TargetLine[] {
  const required = target.requirements.map(({ threads }) => threads)
  const counts = [...new Set([...ours.keys(), ...required])].sort((a, b) => a - b)
  return counts.map((threads) => {
    const requirements = target.requirements.filter((one) => one.threads === threads)
    const measured = 'failure' in result ? undefined : measurements(threads, result, ours, peers)
    const reason = 'failure' in result ? result.failure : `not run with threads ${threads}`
    return {
      case: target.case,
      threads,
      ...(measured?.figures ?? { peers: {} }),
      verdicts: requirements.map((one) => verdictOn(one, measured, reason)),
    }
  })
}

interface Measured {
  readonly figures: Pick<TargetLine, 'medianMs' | 'minMs' | 'rate' | 'share' | 'peers'>
  /** Times as fast as with one thread. */
  readonly speedUp?: number
}

function measurements(
  threads: number,
  { rows, coreRate }: CaseResult,
  ours: ReadonlyMap<number, string>,
  peers: readonly string[],
): Measured | undefined {
  const find = (name: string | undefined): Row | undefined =>
    rows.find(({ subject }) => subject === name)
  const row = find(ours.get(threads))
  if (row === undefined) return undefined
  const perSecond = rate(row)
  const single = find(ours.get(1))
  return {
    figures: {
      medianMs: row.medianMs,
      minMs: row.minMs,
      ...(perSecond === undefined ? {} : { rate: perSecond }),
      ...(perSecond === undefined || coreRate === undefined ? {} : { share: perSecond / coreRate }),
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

function verdictOn(
  requirement: Requirement,
  measured: Measured | undefined,
  reason: string,
): Verdict {
  const target = describe(requirement)
  const value = measured && measuredValue(requirement, measured)
  if (value === undefined) {
    return { target, got: measured === undefined ? reason : 'not measured' }
  }
  if (requirement.kind === 'time') {
    return { target, got: `${value.toFixed(0)} ms`, met: value <= requirement.atMostMs }
  }
  const unit = requirement.kind === 'share' ? ' R' : ' ×'
  return { target, got: value.toPrecision(3) + unit, met: value >= requirement.atLeast }
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
  }
}

function describe(requirement: Requirement): string {
  switch (requirement.kind) {
    case 'share': {
      const { atLeast, goal, because } = requirement
      const notes = [goal === undefined ? [] : `goal ${goal}`, because ?? []].flat()
      return `≥ ${atLeast} R${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`
    }
    case 'peer':
      return `≥ ${requirement.atLeast} × ${requirement.peer}`
    case 'own':
      return `≥ ${requirement.atLeast} × one thread`
    case 'time':
      return `≤ ${requirement.atMostMs} ms`
  }
}
