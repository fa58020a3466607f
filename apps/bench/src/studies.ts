import { isSteady, type MemoryGrowth, measureGrowth } from './memory/growth.ts'
import { measureOwnTime, type OwnTime } from './own-time/own-time.ts'
import type { RateMeter } from './rate-meter.ts'
import type { Subject } from './subject.ts'
import { convSweep } from './sweep/conv-sweep.ts'
import { matmulSweep } from './sweep/matmul-sweep.ts'
import { runSweep } from './sweep/run-sweep.ts'
import type { Sweep, SweepResult } from './sweep/sweep.ts'

/** A measurement that is no table of times. */
export interface Study {
  readonly name: string
  readonly summary: string
  run(subject: Subject, meter: RateMeter): Promise<Finding>
}

/** What a study found out about one subject. */
export interface Finding {
  readonly study: string
  readonly subject: string
  /** The figure in one line. */
  readonly figure: string
  /** Whether nothing is wrong: no cliff, no growth. */
  readonly passed: boolean
  /** What is wrong, line by line. */
  readonly details: readonly string[]
  /** Everything that was measured, for JSON; nothing where the study failed. */
  readonly data?: MemoryGrowth | OwnTime | SweepResult
}

const memorySteps = 1000
const ownTimeBursts = { bursts: 400, steps: 50 }

export const studies: readonly Study[] = [
  sweepStudy(matmulSweep),
  sweepStudy(convSweep),
  {
    name: `memory-${memorySteps}`,
    summary: `what ${memorySteps} steps of mlp-adam leave behind`,
    run: async (subject) => growthFinding(await measureGrowth(subject, { steps: memorySteps })),
  },
  {
    name: 'own-time',
    summary: 'what the host takes to start a step of mlp-adam',
    run: async (subject) => ownTimeFinding(await measureOwnTime(subject, ownTimeBursts)),
  },
]

function sweepStudy(sweep: Sweep): Study {
  const { name, summary, shapes } = sweep
  return {
    name,
    summary: `${shapes.length} ${summary}`,
    async run(subject, meter) {
      await subject.activate()
      const data = await runSweep(sweep, subject, meter)
      return {
        study: name,
        subject: subject.name,
        figure: `${data.cliffs.length} of ${data.judged} shapes slow`,
        passed: data.cliffs.length === 0,
        details: data.cliffs.map(
          ({ case: shape, share, below }) => `${shape}: ${share.toFixed(2)} R, below ${below}`,
        ),
        data,
      }
    },
  }
}

function growthFinding(growth: MemoryGrowth): Finding {
  const { subject, steps, heldBytes, heapBytes } = growth
  const kibibytes = (heapBytes / 1024).toFixed(0)
  const held = heldBytes === undefined ? '' : `${heldBytes} bytes held, `
  return {
    study: `memory-${steps}`,
    subject,
    figure: `${held}${kibibytes} KiB of heap`,
    passed: isSteady(growth),
    details: [],
    data: growth,
  }
}

function ownTimeFinding(own: OwnTime): Finding {
  const { subject, microsecondsPerStep } = own
  const figure =
    microsecondsPerStep === undefined
      ? 'computes in its calls'
      : `${microsecondsPerStep.toFixed(1)} µs a step`
  return { study: 'own-time', subject, figure, passed: true, details: [], data: own }
}

/** The figure, then what is wrong, one line each. */
export function formatFinding({ subject, figure, details }: Finding): string {
  return [`${subject}: ${figure}`, ...details].join('\n')
}
