import type { BackendRecord } from './record-backend.ts'

/** A record as one line: `9 dispatches in 1 run, 5.30 MiB moved, …`. */
export function describeRecord(record: BackendRecord): string {
  const { dispatches, runs, plansCompiled, bytesHeld, peakBytes, buffersHeld } = record
  const moved = record.bytesRead + record.bytesWritten
  return [
    `${count(dispatches, 'dispatch', 'dispatches')} in ${count(runs, 'run', 'runs')}`,
    `${mebibytes(moved)} moved`,
    `${count(plansCompiled, 'plan', 'plans')} compiled`,
    `${mebibytes(bytesHeld)} in ${count(buffersHeld, 'buffer', 'buffers')}`,
    `${mebibytes(peakBytes)} at the peak`,
  ].join(', ')
}

function count(n: number, singular: string, plural: string): string {
  return `${n} ${n === 1 ? singular : plural}`
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`
}
