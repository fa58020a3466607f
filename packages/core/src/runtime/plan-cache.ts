import type { Backend, Executable } from '../backend.ts'
import type { GraphStructure } from '../graph/structure.ts'
import type { Plan } from '../ir/plan.ts'
import type { DonationWish } from '../schedule/donation.ts'
import { makePlan } from '../schedule/make-plan.ts'

/** A plan with its compiled form. */
export interface CompiledPlan {
  readonly plan: Plan
  readonly executable: Executable
}

const maxPlansPerBackend = 1024

const unreachable = new FinalizationRegistry<Executable>((executable) => executable.dispose())

const caches = new WeakMap<Backend, Map<string, CompiledPlan>>()

/** The compiled plan of a graph on a backend, from the cache if an equal one was made before. */
export function compiledPlanFor(
  structure: GraphStructure,
  backend: Backend,
  wishes: readonly DonationWish[] = [],
): CompiledPlan {
  const cache = caches.get(backend) ?? new Map<string, CompiledPlan>()
  caches.set(backend, cache)
  const key = `${structure.key}\n${wishesText(structure, wishes)}`
  const known = cache.get(key)
  if (known !== undefined) {
    cache.delete(key)
    cache.set(key, known)
    return known
  }
  const plan = makePlan(structure, backend, wishes)
  const made = { plan, executable: backend.compile(plan) }
  unreachable.register(made, made.executable)
  cache.set(key, made)
  dropOldest(cache)
  return made
}

function wishesText(structure: GraphStructure, wishes: readonly DonationWish[]): string {
  return wishes
    .map(({ output, input }) => {
      const end = structure.representative.get(output) ?? output
      return `${structure.order.indexOf(end)}=${structure.arrays.indexOf(input)}`
    })
    .join(' ')
}

/**
 * Entries are kept in the order of their last use. What is dropped may still be in the hands of a
 * compiled function: it is disposed when nobody can reach it any more.
 */
function dropOldest(cache: Map<string, CompiledPlan>): void {
  const [oldest] = cache.keys()
  if (cache.size > maxPlansPerBackend && oldest !== undefined) cache.delete(oldest)
}
