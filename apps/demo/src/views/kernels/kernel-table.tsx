import { byteText, countText, timeText } from '../../ui/amounts.ts'
import type { KernelReport } from '../../worker/kernels/measurement.ts'
import { select, selected, sorting } from './kernels-state.ts'
import { resorted, type SortKey, sorted } from './sorting.ts'

const columns: readonly (readonly [key: SortKey, title: string])[] = [
  ['number', 'Kernel'],
  ['elapsedMs', 'Time'],
  ['byteLength', 'Bytes'],
  ['operations', 'Operations'],
]

export interface KernelTableProps {
  readonly caption: string
  readonly kernels: readonly KernelReport[]
  /** Brings the source into view. */
  onSelect(): void
}

/** Kernels with what they cost, in the order that was clicked. */
export function KernelTable({ caption, kernels, onSelect }: KernelTableProps) {
  const slowestMs = Math.max(...kernels.map(({ elapsedMs }) => elapsedMs))
  return (
    <table class="kernel-table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(([key, title]) => (
            <Heading key={key} by={key} title={title} />
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted(kernels, sorting.value).map((kernel) => (
          <Row key={kernel.number} kernel={kernel} slowestMs={slowestMs} onSelect={onSelect} />
        ))}
      </tbody>
    </table>
  )
}

function Heading({ by, title }: { readonly by: SortKey; readonly title: string }) {
  const isSorted = sorting.value.by === by
  const direction = sorting.value.descending ? 'descending' : 'ascending'
  return (
    <th scope="col" aria-sort={isSorted ? direction : 'none'}>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          sorting.value = resorted(sorting.value, by)
        }}
      >
        {title}
        <span aria-hidden="true">{isSorted && (sorting.value.descending ? ' ↓' : ' ↑')}</span>
      </button>
    </th>
  )
}

interface RowProps {
  readonly kernel: KernelReport
  readonly slowestMs: number
  onSelect(): void
}

function Row({ kernel, slowestMs, onSelect }: RowProps) {
  const { number, label, kind, shape, elapsedMs, byteLength, operations } = kernel
  const isSelected = selected.value === kernel
  return (
    <tr class={isSelected ? 'selected' : ''}>
      <th scope="row">
        <button
          type="button"
          class="quiet"
          aria-pressed={isSelected}
          onClick={() => {
            select(kernel)
            onSelect()
          }}
        >
          <span class="name">
            {number}. {label}
          </span>
          <span class="hint">
            {kind} {shape}
          </span>
        </button>
      </th>
      <td class="time" style={{ '--share': elapsedMs / slowestMs }}>
        {timeText(elapsedMs)}
      </td>
      <td>{byteText(byteLength)}</td>
      <td>{operations === undefined ? '–' : countText(operations)}</td>
    </tr>
  )
}
