import type { Backend, Executable } from '../backend.ts'
import { OutOfMemoryError } from '../errors.ts'
import type { GraphStructure } from '../graph/structure.ts'
import type { Plan } from '../ir/plan.ts'
import type { DonationWish } from '../schedule/donation.ts'
import { makePlan } from '../schedule/make-plan.ts'
import { claimsOf } from './claims.ts'

/** A plan with its compiled form. */
export interface CompiledPlan {
  readonly plan: Plan
  readonly executable: Executable
  /** Calls that wait to run it. */
  users: number
  /** Given up for want of memory. */
  isDisposed: boolean
}

const maxPlansPerBackend = 1024

interface PlanCache {
  /** In the order of their last use. */
  readonly plans: Map<string, CompiledPlan>
  /** Disposes executables that nobody can reach. Per backend, so that it keeps no backend alive. */
  readonly unreachable: FinalizationRegistry<Executable>
}

const caches = new WeakMap<Backend, PlanCache>()

/** The compiled plan of a graph on a backend, from the cache if an equal one was made before. */
export function compiledPlanFor(
  structure: GraphStructure,
  backend: Backend,
  wishes: readonly DonationWish[] = [],
): CompiledPlan {
  const { plans, unreachable } = cacheOf(backend)
  const claims = claimsOf(structure, backend)
  const claimed = [...claims].map(([node, { key }]) => `${structure.order.indexOf(node)} ${key}`)
  const key = [structure.key, wishesText(structure, wishes), ...claimed].join('\n')
  const known = plans.get(key)
  if (known !== undefined) {
    plans.delete(key)
    plans.set(key, known)
    return known
  }
  const plan = makePlan(structure, backend, wishes, claims)
  const made = { plan, executable: compileWithin(backend, plan), users: 0, isDisposed: false }
  unreachable.register(made, made.executable, made)
  plans.set(key, made)
  dropOldest(plans)
  return made
}

/** Bytes of scratch memory of the plans in the cache, and their number. */
export function planMemory(backend: Backend): { byteLength: number; plans: number } {
  const plans = [...(caches.get(backend)?.plans.values() ?? [])]
  return {
    byteLength: plans.reduce((sum, { plan }) => sum + plan.arenaByteLength, 0),
    plans: plans.length,
  }
}

/** Gives up the plans that nothing waits to run; they are compiled again when they are needed. */
export function dropIdlePlans(backend: Backend): boolean {
  const cache = caches.get(backend)
  if (cache === undefined) return false
  const idle = [...cache.plans].filter(([, { users }]) => users === 0)
  for (const [key, compiled] of idle) {
    cache.plans.delete(key)
    cache.unreachable.unregister(compiled)
    compiled.isDisposed = true
    compiled.executable.dispose()
  }
  return idle.length > 0
}

function compileWithin(backend: Backend, plan: Plan): Executable {
  try {
    return backend.compile(plan)
  } catch (error) {
    if (!(error instanceof OutOfMemoryError) || !dropIdlePlans(backend)) throw error
    return backend.compile(plan)
  }
}

function wishesText(structure: GraphStructure, wishes: readonly DonationWish[]): string {
  return wishes
    .map(({ output, input }) => {
      const end = structure.representative.get(output) ?? output
      return `${structure.order.indexOf(end)}=${structure.arrays.indexOf(input)}`
    })
    .join(' ')
}

function cacheOf(backend: Backend): PlanCache {
  const known = caches.get(backend)
  if (known !== undefined) return known
  const made: PlanCache = {
    plans: new Map(),
    unreachable: new FinalizationRegistry((executable) => executable.dispose()),
  }
  caches.set(backend, made)
  return made
}

/**
 * What is dropped may still be in the hands of a compiled function: it is disposed when nobody can
 * reach it any more.
 */
function dropOldest(plans: Map<string, CompiledPlan>): void {
  const [oldest] = plans.keys()
  if (plans.size > maxPlansPerBackend && oldest !== undefined) plans.delete(oldest)
}
