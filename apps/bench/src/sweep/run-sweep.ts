import { findCase } from '../cases/index.ts'
import { BenchError } from '../errors.ts'
import { type MeasureLimits, measureLimits } from '../measure.ts'
import type { RateMeter } from '../rate-meter.ts'
import { runCase } from '../run.ts'
import type { Subject } from '../subject.ts'
import { rate } from '../table.ts'
import { findCliffs, judgedFlops } from './cliffs.ts'
import type { Sweep, SweepResult, SweepRow } from './sweep.ts'

/** There are hundreds of shapes. */
const sweepLimits: MeasureLimits = {
  ...measureLimits,
  warmUpMs: 40,
  budgetMs: 40,
  minRounds: 3,
  maxRounds: 5,
}
/** How often what looks slow is measured again: a neighbour on the machine is no cliff. */
const repeats = 2

/** Measures every shape, and the core beside it, and looks for cliffs. */
export async function runSweep(
  { shapes }: Sweep,
  subject: Subject,
  meter: RateMeter,
  limits: MeasureLimits = sweepLimits,
): Promise<SweepResult> {
  const rows = new Map<string, SweepRow>()
  for (const shape of shapes) {
    if (!rows.has(shape.case)) {
      rows.set(shape.case, await measureShape(shape.case, subject, meter, limits))
    }
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const cliff of findCliffs(shapes, rows)) {
      const again = await measureShape(cliff.case, subject, meter, limits)
      if (again.share > cliff.share) rows.set(cliff.case, again)
    }
  }
  const measured = [...rows.values()]
  const judged = measured.filter(({ flops }) => flops >= judgedFlops).length
  return { rows: measured, judged, cliffs: findCliffs(shapes, rows) }
}

async function measureShape(
  name: string,
  subject: Subject,
  meter: RateMeter,
  limits: MeasureLimits,
): Promise<SweepRow> {
  const result = await runCase(findCase(name), [subject], { limits, meter })
  const { rows } = result
  const [row] = rows
  const [flops, perSecond] = [row?.flops, row && rate(row)]
  if (row === undefined || flops === undefined || perSecond === undefined || !result.meter) {
    throw new BenchError(`${name}: ${subject.name} cannot run it, so it cannot be swept.`)
  }
  return { ...row, flops, share: perSecond / result.meter.perSecond }
}
