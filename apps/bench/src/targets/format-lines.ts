import { alignColumns, formatTime } from '../table.ts'
import type { TargetLine, Verdict } from './judge.ts'

/** One row per case and number of threads: figures, ratios to the peers, targets, met or missed. */
export function formatLines(lines: readonly TargetLine[], peers: readonly string[]): string {
  const titles = [
    'case',
    'threads',
    'median ms',
    'GFLOP/s',
    'of R',
    ...peers.map((name) => `× ${name}`),
  ]
  const cells = lines.map((line) => [
    line.case,
    String(line.threads),
    line.figure ?? (line.medianMs === undefined ? '' : formatTime(line.medianMs)),
    line.rate === undefined ? '' : (line.rate / 1e9).toPrecision(3),
    line.share?.toFixed(2) ?? '',
    ...peers.map((name) => line.peers[name]?.toFixed(2) ?? ''),
  ])
  const table = alignColumns([titles, ...cells]).split('\n')
  return table
    .map((row, i) => (i === 0 ? `${row}  targets` : `${row}  ${outcome(lines[i - 1])}`.trimEnd()))
    .join('\n')
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
