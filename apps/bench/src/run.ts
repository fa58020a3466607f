import type { BenchCase } from './cases/bench-case.ts'
import { checkContenders } from './check.ts'
import { BenchError } from './errors.ts'
import { type MeasureLimits, measure, measureLimits, type Timing } from './measure.ts'
import type { RateMeter } from './rate-meter.ts'
import type { Row } from './row.ts'
import type { Absentee, Contender, Subject } from './subject.ts'

export interface CaseResult {
  readonly rows: readonly Row[]
  /** Who cannot run the case, and why. */
  readonly absentees: readonly Absentee[]
  /** Floating-point operations per second of one core at the time, where it was measured beside. */
  readonly coreRate?: number
}

/**
 * Lets the subjects of a case prove that they compute the right thing, then times them and, in turn
 * with them, the core itself where a meter is given.
 */
export async function runCase(
  benchCase: BenchCase,
  subjects: readonly Subject[],
  limits: MeasureLimits = measureLimits,
  meter?: RateMeter,
): Promise<CaseResult> {
  const { contenders, absentees = [], expected } = await benchCase.prepare(subjects)
  try {
    const { name: where, checkSteps: steps, tolerance } = benchCase
    const checkedMs = await checkContenders(contenders, { where, steps, expected, tolerance })
    const steppables = contenders.map((contender, i) => ({ ...contender, checkedMs: checkedMs[i] }))
    const timings = await measure(
      meter === undefined ? steppables : [...steppables, meter.steppable],
      { ...limits, ...benchCase.limits },
    )
    for (const contender of contenders) await refuseNonFinite(benchCase, contender)
    const rows = contenders.flatMap(({ subject }, i) => {
      const timing = timings[i]
      return timing === undefined ? [] : row(benchCase, subject, timing)
    })
    const beside = timings[contenders.length]
    if (meter === undefined || beside === undefined) return { rows, absentees }
    return { rows, absentees, coreRate: meter.flops / (beside.medianMs / 1000) }
  } finally {
    for (const contender of contenders) {
      await contender.activate()
      await contender.dispose()
    }
  }
}

function row({ name, flops, callsPerStep = 1 }: BenchCase, subject: string, timing: Timing): Row {
  const { medianMs, minMs, runs } = timing
  return {
    case: name,
    subject,
    medianMs: medianMs / callsPerStep,
    minMs: minMs / callsPerStep,
    runs,
    ...(flops === undefined ? {} : { flops }),
  }
}

/** A run that went off to infinity on its way computed something else than the others. */
async function refuseNonFinite(benchCase: BenchCase, contender: Contender): Promise<void> {
  await contender.activate()
  const result = Array.from(await contender.result())
  if (result.every(Number.isFinite)) return
  throw new BenchError(`${benchCase.name}, ${contender.subject}: the last result is not finite.`)
}
