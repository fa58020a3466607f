import type { Row } from './row.ts'
import type { CaseResult } from './run.ts'

const millisecond = { title: 'ms', perMs: 1 }
const microsecond = { title: 'µs', perMs: 1000 }

interface Column {
  readonly title: string
  readonly cell: (row: Row) => string
}

/**
 * The rows of one case as aligned text: the times, the rate where operations are counted, and how
 * many times as long as the first row's subject each one takes. Who cannot run the case stands
 * below with the reason.
 *
 * @param peakRate - floating-point operations per second that one core can do at most, where known
 */
export function formatTable({ rows, absentees }: CaseResult, peakRate?: number): string {
  const columns = rows[0] === undefined ? [] : columnsFor(rows[0], peakRate)
  const lines = rows.map((row) => columns.map((column) => column.cell(row)))
  const table = alignColumns([columns.map((column) => column.title), ...lines])
  const notes = absentees.map(({ subject, reason }) => `${subject}: ${reason}`)
  return [...(rows.length === 0 ? ['(no subject ran)'] : [table]), ...notes].join('\n')
}

function columnsFor(first: Row, peakRate: number | undefined): readonly Column[] {
  const { title, perMs } = first.medianMs < 0.1 ? microsecond : millisecond
  const counted: Column[] = [
    { title: 'GFLOP/s', cell: formatRate },
    ...(peakRate === undefined
      ? []
      : [{ title: 'of simd-rate', cell: (row: Row) => formatShare(row, peakRate) }]),
  ]
  return [
    { title: 'subject', cell: (row) => row.subject },
    { title: `median ${title}`, cell: (row) => formatTime(row.medianMs * perMs) },
    { title: `min ${title}`, cell: (row) => formatTime(row.minMs * perMs) },
    { title: 'runs', cell: (row) => String(row.runs) },
    ...(first.flops === undefined ? [] : counted),
    {
      title: `time / ${first.subject}`,
      cell: (row) => (row.medianMs / first.medianMs).toFixed(2),
    },
  ]
}

/** Floating-point operations per second; undefined where the case counts none. */
export function rate({ flops, medianMs }: Row): number | undefined {
  return flops === undefined ? undefined : flops / (medianMs / 1000)
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

function formatRate(row: Row): string {
  const perSecond = rate(row)
  return perSecond === undefined ? '' : (perSecond / 1e9).toPrecision(3)
}

function formatShare(row: Row, peakRate: number): string {
  const perSecond = rate(row)
  return perSecond === undefined ? '' : (perSecond / peakRate).toFixed(2)
}
