import { markdownTable } from '../markdown-table.ts'
import type { Capability, CapabilityReport, Support } from './capability.ts'

const sections = [
  ['dtypes', 'dtype'],
  ['kernels', 'kernel'],
  ['functions', 'function'],
  ['ops', 'op'],
  ['gradients', 'gradient of'],
] as const

const supports: readonly Support[] = ['native', 'generated', 'decomposed', 'unsupported']

/** Reports as tables in Markdown, with a column for each backend and the reasons below. */
export function formatCapabilityReport(...reports: readonly CapabilityReport[]): string {
  const tables = sections.map(([section, title]) => {
    const names = new Set(reports.flatMap((report) => report[section].map(({ name }) => name)))
    const rows = [...names].map((name) => [
      name,
      ...reports.map((report) => cellOf(report[section].find((one) => one.name === name))),
    ])
    const counts = ['', ...reports.map((report) => countsOf(report[section]))]
    return markdownTable([title, ...reports.map(({ backend }) => backend)], [...rows, counts])
  })
  return [...tables, ...reports.map(reasonsOf)].filter((part) => part !== '').join('\n\n')
}

/** `native`, `generated: row`, `decomposed: map, reduce instead of row`. */
function cellOf(capability: Capability | undefined): string {
  if (capability === undefined) return '–'
  const { support, runsAs, lacks } = capability
  if (runsAs.length === 0 || support === 'unsupported') return support
  const instead = lacks.length === 0 ? '' : ` instead of ${lacks.join(', ')}`
  return `${support}: ${runsAs.join(', ')}${instead}`
}

function countsOf(capabilities: readonly Capability[]): string {
  return supports
    .flatMap((support) => {
      const count = capabilities.filter((one) => one.support === support).length
      return count === 0 ? [] : `${count} ${support}`
    })
    .join(', ')
}

/** A line for each reason, with everything that it holds for. */
function reasonsOf(report: CapabilityReport): string {
  const lines = new Map<string, string[]>()
  for (const [section, title] of sections) {
    for (const { name, support, reason } of report[section]) {
      if (reason === undefined) continue
      const line = `${support}, ${reason}`
      lines.set(line, [...(lines.get(line) ?? []), `${title} ${name}`])
    }
  }
  return [...lines]
    .map(([line, what]) => `- ${report.backend}, ${what.join(', ')}: ${line}`)
    .join('\n')
}
