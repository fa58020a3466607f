import type { BenchCase } from './cases/bench-case.ts'
import { makeRateMeter } from './rate-meter.ts'
import type { Row } from './row.ts'
import { runCase } from './run.ts'
import { type Finding, formatFinding, type Study } from './studies.ts'
import type { Subject } from './subject.ts'
import { formatTable, machineRate } from './table.ts'

export interface WorkOptions {
  /** Whether steps are started one after the other and awaited together. */
  readonly isQueued: boolean
  /** Gets each result as soon as it is there. */
  readonly print: (text: string) => void
}

/** Measures one after the other. */
export async function runWork(
  work: readonly (BenchCase | Study)[],
  ours: readonly Subject[],
  peers: readonly Subject[],
  { isQueued, print }: WorkOptions,
): Promise<(Row | Finding)[]> {
  const all: (Row | Finding)[] = []
  let peak: ReturnType<typeof machineRate>
  for (const item of work) {
    print(`\n${item.name}: ${item.summary}`)
    if ('run' in item) {
      const meter = await makeRateMeter()
      for (const subject of ours) {
        const finding = await item.run(subject, meter)
        print(formatFinding(finding))
        all.push(finding)
      }
      continue
    }
    const result = await runCase(item, [...ours, ...peers], { isQueued })
    if (item.isMachineRate) peak = machineRate(result) ?? peak
    print(formatTable(result, peak))
    all.push(...result.rows)
  }
  return all
}
