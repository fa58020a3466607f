import { signal } from '@preact/signals'
import { proxy } from 'comlink'
import { latest } from '../../app/latest.ts'
import { services } from '../../worker/client.ts'
import type { KernelReport, PlanReport } from '../../worker/kernels/measurement.ts'
import type { PlanName } from '../../worker/kernels/plans.ts'
import type { KernelSource } from '../../worker/kernels/source-of.ts'
import type { Sorting } from './sorting.ts'

// Here and not in the view, as what was measured is still there when it is shown again.
export const plan = signal<PlanName>('training')
/** How many kernels are done; undefined while nothing is measured. */
export const progress = signal<{ readonly done: number; readonly count: number } | undefined>(
  undefined,
)
export const measured = signal<PlanReport | undefined>(undefined)
export const sorting = signal<Sorting>({ by: 'elapsedMs', descending: true })
export const selected = signal<KernelReport | undefined>(undefined)
/** Of the selected kernel. */
export const source = signal<KernelSource | 'loading' | 'missing'>('loading')

/** Measures the chosen plan on the backend of the page; the slowest kernel is selected. */
export async function measure(): Promise<void> {
  progress.value = { done: 0, count: 0 }
  // What is told on the way may come after the end.
  const tell = (done: number, count: number) => {
    if (progress.value !== undefined) progress.value = { done, count }
  }
  try {
    const result = await services.kernels.measure(plan.value, proxy(tell))
    if (result === undefined) return
    measured.value = result
    const [slowest] = result.kernels.toSorted((a, b) => b.elapsedMs - a.elapsedMs)
    if (slowest !== undefined) select(slowest)
  } finally {
    progress.value = undefined
  }
}

export function cancel(): Promise<void> {
  return services.kernels.cancel()
}

const loadSource = latest(async (kernel: KernelReport) => {
  const take = (loaded: KernelSource | 'missing') => {
    if (selected.value === kernel) source.value = loaded
  }
  try {
    take(await services.kernels.source(kernel.number))
  } catch (error) {
    take('missing')
    throw error
  }
})

/** Shows a kernel of what was measured. */
export function select(kernel: KernelReport): void {
  selected.value = kernel
  source.value = 'loading'
  loadSource(kernel)
}
