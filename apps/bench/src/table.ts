import type { MeterRate } from './rate-meter.ts'
import type { Row, Unit } from './row.ts'
import type { CaseResult } from './run.ts'

const millisecond = { title: 'ms', perMs: 1 }
const microsecond = { title: 'µs', perMs: 1000 }

interface Column {
  readonly title: string
  readonly cell: (row: Row) => string
}

/**
 * The rows of one case as aligned text: the times, the rates where operations or bytes are counted,
 * and how many times as long as the first row's subject each one takes. Who cannot run the case
 * stands below with the reason.
 *
 * @param peak What the machine can do at most, where known.
 */
export function formatTable({ rows, absentees }: CaseResult, peak?: MeterRate): string {
  const columns = rows[0] === undefined ? [] : columnsFor(rows[0], peak)
  const lines = rows.map((row) => columns.map((column) => column.cell(row)))
  const table = alignColumns([columns.map((column) => column.title), ...lines])
  const notes = absentees.map(({ subject, reason }) => `${subject}: ${reason}`)
  return [...(rows.length === 0 ? ['(no subject ran)'] : [table]), ...notes].join('\n')
}

function columnsFor(first: Row, peak: MeterRate | undefined): readonly Column[] {
  const { title, perMs } = first.medianMs < 0.1 ? microsecond : millisecond
  return [
    { title: 'subject', cell: (row) => row.subject },
    { title: `median ${title}`, cell: (row) => formatTime(row.medianMs * perMs) },
    { title: `min ${title}`, cell: (row) => formatTime(row.minMs * perMs) },
    { title: 'runs', cell: (row) => String(row.runs) },
    ...rateColumns(first, 'flops', peak),
    ...rateColumns(first, 'bytes', peak),
    {
      title: `time / ${first.subject}`,
      cell: (row) => (row.medianMs / first.medianMs).toFixed(2),
    },
  ]
}

/** None where the case does not count them. */
function rateColumns(first: Row, unit: Unit, peak: MeterRate | undefined): readonly Column[] {
  const highest = rate(first, unit)
  if (highest === undefined) return []
  const scale = rateScale(unit, highest)
  const share = { title: `of ${peak?.title}`, cell: (row: Row) => formatShare(row, peak) }
  return [
    { title: scale.title, cell: (row) => formatRate(rate(row, unit), scale) },
    ...(peak?.unit === unit ? [share] : []),
  ]
}

export interface RateScale {
  readonly title: string
  readonly divisor: number
}

/** TFLOP/s for what computes that much, otherwise GFLOP/s; GB/s. */
export function rateScale(unit: Unit, highest: number): RateScale {
  if (unit === 'bytes') return { title: 'GB/s', divisor: 1e9 }
  return highest < 1e12 ? { title: 'GFLOP/s', divisor: 1e9 } : { title: 'TFLOP/s', divisor: 1e12 }
}

/** Operations, or bytes, per second; undefined where the case counts none. */
export function rate(row: Row, unit: Unit = 'flops'): number | undefined {
  const count = row[unit]
  return count === undefined ? undefined : count / (row.medianMs / 1000)
}

/** The result of a case that measures the machine, as what others are compared with. */
export function machineRate({ rows: [row] }: CaseResult): MeterRate | undefined {
  if (row === undefined) return undefined
  const unit = row.flops === undefined ? 'bytes' : 'flops'
  const perSecond = rate(row, unit)
  return perSecond === undefined ? undefined : { title: row.case, unit, perSecond }
}

/** Words on the left, numbers on the right. */
export function alignColumns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) =>
    Math.max(...lines.map((line) => (line[i] ?? '').length)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

/** Three significant digits, but whole units in full. */
export function formatTime(time: number): string {
  return time >= 100 ? time.toFixed(0) : time.toPrecision(3)
}

/** Three significant digits; whole units in full. */
export function formatRate(perSecond: number | undefined, { divisor }: RateScale): string {
  if (perSecond === undefined) return ''
  const scaled = perSecond / divisor
  return scaled >= 1000 ? scaled.toFixed(0) : scaled.toPrecision(3)
}

function formatShare(row: Row, peak: MeterRate | undefined): string {
  const perSecond = peak && rate(row, peak.unit)
  return perSecond === undefined || peak === undefined
    ? ''
    : (perSecond / peak.perSecond).toFixed(2)
}
