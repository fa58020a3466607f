import type { BenchCase } from './cases/bench-case.ts'
import { checkContenders } from './check.ts'
import { BenchError, onBehalfOf } from './errors.ts'
import { type MeasureLimits, measure, measureLimits, type Timing } from './measure.ts'
import type { MeterRate, RateMeter } from './rate-meter.ts'
import type { Row } from './row.ts'
import {
  type Absentee,
  type Contender,
  disposeAll,
  queued,
  type Subject,
  unqueued,
} from './subject.ts'

export interface CaseResult {
  readonly rows: readonly Row[]
  /** Who cannot run the case, and why. */
  readonly absentees: readonly Absentee[]
  /** What the machine could do at the time, where it was measured beside. */
  readonly meter?: MeterRate
}

export interface RunOptions {
  readonly limits?: MeasureLimits
  /** Measured in turn with the subjects of a case that counts what it counts. */
  readonly meter?: RateMeter | undefined
  /** Whether steps are started one after the other and awaited together, by default not. */
  readonly isQueued?: boolean
}

/**
 * Lets the subjects of a case prove that they compute the right thing, then times them and, in turn
 * with them, the machine itself where a meter is given.
 */
export async function runCase(
  benchCase: BenchCase,
  subjects: readonly Subject[],
  { limits = measureLimits, meter, isQueued = false }: RunOptions = {},
): Promise<CaseResult> {
  const prepared = await benchCase.prepare(subjects)
  try {
    const [contenders, unable] = choose(prepared.contenders, isQueued)
    const { name: where, checkSteps: steps, tolerance } = benchCase
    const expectation = { where, steps, expected: prepared.expected, tolerance }
    const checkedMs = await checkContenders(contenders, expectation)
    const steppables = contenders.map((contender, i) => ({ ...contender, checkedMs: checkedMs[i] }))
    const beside = meter !== undefined && benchCase[meter.unit] !== undefined ? [meter] : []
    const timings = await measure([...steppables, ...beside.map((one) => one.steppable)], {
      ...limits,
      ...benchCase.limits,
    })
    for (const contender of contenders) await refuseNonFinite(benchCase, contender)
    const rows = contenders.flatMap(({ subject }, i) => {
      const timing = timings[i]
      return timing === undefined ? [] : row(benchCase, subject, timing)
    })
    const absentees = [...(prepared.absentees ?? []), ...unable]
    const meterTiming = timings[contenders.length]
    if (meter === undefined || meterTiming === undefined) return { rows, absentees }
    return { rows, absentees, meter: meterRate(meter, meterTiming) }
  } finally {
    await disposeAll(prepared.contenders)
  }
}

/** Those who can do it in the way that is asked for, and those who cannot. */
function choose(
  contenders: readonly Contender[],
  isQueued: boolean,
): [able: Contender[], unable: Absentee[]] {
  if (!isQueued) return [contenders.map(unqueued), []]
  const able = contenders.flatMap((contender) => queued(contender) ?? [])
  const unable = contenders.filter(({ queue }) => queue === undefined)
  const reason = 'waits for every step'
  return [able, unable.map(({ subject }) => ({ subject, reason }))]
}

function row(
  { name, flops, bytes, callsPerStep = 1 }: BenchCase,
  subject: string,
  timing: Timing,
): Row {
  const { medianMs, minMs, runs } = timing
  return {
    case: name,
    subject,
    medianMs: medianMs / callsPerStep,
    minMs: minMs / callsPerStep,
    runs,
    ...(flops === undefined ? {} : { flops }),
    ...(bytes === undefined ? {} : { bytes }),
  }
}

function meterRate({ title, unit, perStep }: RateMeter, { medianMs }: Timing): MeterRate {
  return { title, unit, perSecond: perStep / (medianMs / 1000) }
}

/** A run that went off to infinity on its way computed something else than the others. */
async function refuseNonFinite(benchCase: BenchCase, contender: Contender): Promise<void> {
  await onBehalfOf(contender.subject, async () => {
    await contender.activate()
    const result = Array.from(await contender.result())
    if (result.every(Number.isFinite)) return
    throw new BenchError(`${benchCase.name}, ${contender.subject}: the last result is not finite.`)
  })
}
