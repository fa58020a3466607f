import type { Unit } from '../row.ts'
import { alignColumns, formatRate, formatTime, rateScale } from '../table.ts'
import type { Names, TargetLine, Verdict } from './judge.ts'

interface Column {
  readonly title: string
  readonly cell: (line: TargetLine) => string
}

/**
 * One row per case and number of threads: figures, ratios to the peers, targets, met or missed.
 * Below, who could not run what, and why.
 */
export function formatLines(lines: readonly TargetLine[], names: Omit<Names, 'ours'>): string {
  const columns = columnsFor(lines, names)
  const cells = lines.map((line) => columns.map(({ cell }) => cell(line)))
  const [head = '', ...rows] = alignColumns([columns.map(({ title }) => title), ...cells]).split(
    '\n',
  )
  const judged = rows.map((row, i) => `${row}  ${outcome(lines[i])}`.trimEnd())
  return [`${head}  targets`, ...judged, ...absences(lines)].join('\n')
}

function columnsFor(
  lines: readonly TargetLine[],
  { meter, peers }: Omit<Names, 'ours'>,
): readonly Column[] {
  const isThreaded = lines.some(({ threads }) => threads !== 1)
  return [
    { title: 'case', cell: (line) => line.case },
    ...(isThreaded ? [{ title: 'threads', cell: (line: TargetLine) => `${line.threads}` }] : []),
    {
      title: 'median ms',
      cell: ({ figure, medianMs }) =>
        figure ?? (medianMs === undefined ? '' : formatTime(medianMs)),
    },
    ...rateColumns('flops', lines, (line) => line.rate),
    ...rateColumns('bytes', lines, (line) => line.bandwidth),
    { title: `of ${meter}`, cell: (line) => line.share?.toFixed(2) ?? '' },
    ...peers.map((name) => ({
      title: `× ${name}`,
      cell: (line: TargetLine) => line.peers[name]?.toFixed(2) ?? '',
    })),
  ]
}

/** None where no line counts them. */
function rateColumns(
  unit: Unit,
  lines: readonly TargetLine[],
  rateOf: (line: TargetLine) => number | undefined,
): readonly Column[] {
  const rates = lines.flatMap((line) => rateOf(line) ?? [])
  if (rates.length === 0) return []
  const scale = rateScale(unit, Math.max(...rates))
  return [{ title: scale.title, cell: (line) => formatRate(rateOf(line), scale) }]
}

function absences(lines: readonly TargetLine[]): string[] {
  return lines.flatMap(({ case: name, absentees = [] }) =>
    absentees.map(({ subject, reason }) => `${name}, ${subject}: ${reason}`),
  )
}

/** How many targets were met, missed, not measured. */
export function countVerdicts(lines: readonly TargetLine[]): string {
  const verdicts = lines.flatMap((line) => line.verdicts)
  const count = (met: boolean | undefined) => verdicts.filter((one) => one.met === met).length
  const unmeasured = count(undefined)
  return `${count(true)} met, ${count(false)} missed${unmeasured === 0 ? '' : `, ${unmeasured} not measured`}`
}

function outcome(line: TargetLine | undefined): string {
  return line?.verdicts.map(formatVerdict).join('; ') ?? ''
}

function formatVerdict({ target, got, met }: Verdict): string {
  if (met === undefined) return `${target}: ${got}`
  return `${target}: ${met ? 'met' : 'MISSED'}${got === '' ? '' : ` (${got})`}`
}
