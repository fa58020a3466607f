import { computed, signal } from '@preact/signals'
import { proxy } from 'comlink'
import { services } from '../../worker/client.ts'
import { backendNames, type Entry, type FrameworkName } from './contestant.ts'
import { openLane } from './open-lane.ts'
import { batchSizes, makeProblem, type NetworkName, type OptimizerName } from './problem.ts'
import { race } from './race.ts'
import type { Standing } from './runner.ts'

export const frameworks: Readonly<Record<FrameworkName, string>> = {
  tensorweft: 'Tensorweft',
  tfjs: 'TensorFlow.js',
}

/** Everybody who may take part, those on the same backend side by side. */
export const entries: readonly Entry[] = backendNames.flatMap((backend): Entry[] => [
  { framework: 'tensorweft', backend },
  { framework: 'tfjs', backend },
])

// Here and not in the view, as a race goes on while another view is shown.
export const network = signal<NetworkName>('mlp')
export const optimizer = signal<OptimizerName>('adam')
export const chosen = signal<ReadonlySet<Entry>>(new Set(entries))
export const standings = signal<readonly Standing[]>([])
/** What is raced, or was. */
export const course = signal<
  { readonly network: NetworkName; readonly optimizer: OptimizerName } | undefined
>(undefined)
/** How the last race ended; undefined before the first and while one goes on. */
export const ending = signal<'done' | 'cancelled' | 'disturbed' | undefined>(undefined)

const current = signal<AbortController | undefined>(undefined)
export const isRacing = computed(() => current.value !== undefined)

export function toggle(entry: Entry): void {
  const others = [...chosen.value].filter((other) => other !== entry)
  chosen.value = new Set(chosen.value.has(entry) ? others : [...others, entry])
}

/** Races until everybody has been measured, or somebody ends it. */
export async function start(): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  const racing = { network: network.value, optimizer: optimizer.value }
  const taking = entries.filter((entry) => chosen.value.has(entry))
  current.value = controller
  course.value = racing
  ending.value = undefined
  standings.value = taking.map((entry) => ({ entry, state: 'waiting' }))
  try {
    await services.race.clearTrack(proxy(() => controller.abort('disturbed')))
    const digits = await services.race.digits(batchSizes[racing.network])
    const problem = makeProblem(racing.network, racing.optimizer, digits)
    const onChange = (index: number, standing: Standing) => {
      standings.value = standings.value.with(index, standing)
    }
    await race({ problem, entries: taking, open: openLane, onChange, signal })
    ending.value = 'done'
  } catch (error) {
    if (!signal.aborted) throw error
    ending.value = signal.reason === 'disturbed' ? 'disturbed' : 'cancelled'
  } finally {
    current.value = undefined
    await services.race.leaveTrack()
  }
}

export function cancel(): void {
  current.value?.abort()
}
