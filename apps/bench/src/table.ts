import type { Row } from './row.ts'

/**
 * The rows of one case as aligned text: the times, the rate where operations are counted, and how
 * many times as long as the first row's subject each one takes.
 *
 * @param peakRate - floating-point operations per second that one core can do at most, where known
 */
export function formatTable(rows: readonly Row[], peakRate?: number): string {
  const first = rows[0]
  if (first === undefined) return '(no subject ran)'
  const columns = [
    { title: 'subject', cell: (row: Row) => row.subject },
    { title: 'median ms', cell: (row: Row) => formatMs(row.medianMs) },
    { title: 'min ms', cell: (row: Row) => formatMs(row.minMs) },
    { title: 'runs', cell: (row: Row) => String(row.runs) },
    ...(first.flops === undefined ? [] : [{ title: 'GFLOP/s', cell: formatRate }]),
    ...(first.flops === undefined || peakRate === undefined
      ? []
      : [{ title: 'of simd-rate', cell: (row: Row) => formatShare(row, peakRate) }]),
    {
      title: `time / ${first.subject}`,
      cell: (row: Row) => (row.medianMs / first.medianMs).toFixed(2),
    },
  ]
  const lines = [columns.map((column) => column.title)]
  for (const row of rows) lines.push(columns.map((column) => column.cell(row)))
  return alignColumns(lines)
}

/** Floating-point operations per second; undefined where the case counts none. */
export function rate({ flops, medianMs }: Row): number | undefined {
  return flops === undefined ? undefined : flops / (medianMs / 1000)
}

/** Words on the left, numbers on the right. */
function alignColumns(lines: readonly (readonly string[])[]): string {
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

/** Three significant digits, but whole milliseconds in full. */
function formatMs(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)
}

function formatRate(row: Row): string {
  const perSecond = rate(row)
  return perSecond === undefined ? '' : (perSecond / 1e9).toPrecision(3)
}

function formatShare(row: Row, peakRate: number): string {
  const perSecond = rate(row)
  return perSecond === undefined ? '' : (perSecond / peakRate).toFixed(2)
}
