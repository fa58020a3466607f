import type { BenchCase } from './cases/bench-case.ts'
import { makeRateMeter } from './rate-meter.ts'
import type { Row } from './row.ts'
import { runCase } from './run.ts'
import { type Finding, formatFinding, type Study } from './studies.ts'
import type { Subject } from './subject.ts'
import { formatTable, rate } from './table.ts'

/** Measures one after the other; each result is printed as soon as it is there. */
export async function runWork(
  work: readonly (BenchCase | Study)[],
  ours: readonly Subject[],
  peers: readonly Subject[],
  print: (text: string) => void,
): Promise<(Row | Finding)[]> {
  const all: (Row | Finding)[] = []
  let peakRate: number | undefined
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
    const result = await runCase(item, [...ours, ...peers])
    const [first] = result.rows
    if (item.name === 'simd-rate' && first !== undefined) peakRate = rate(first)
    print(formatTable(result, peakRate))
    all.push(...result.rows)
  }
  return all
}
