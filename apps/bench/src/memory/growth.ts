import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { mlpProblem, mlpSizes } from '../cases/mlp.ts'
import { mlpLosses } from '../cases/reference/mlp.ts'
import { adam } from '../cases/update-rules.ts'
import type { Subject, Work } from '../subject.ts'
import { verify } from '../verify.ts'

/** What more was taken after many steps than before them. */
export interface MemoryGrowth {
  readonly subject: string
  readonly steps: number
  /** Bytes of values and plans; undefined where the subject does not say. */
  readonly heldBytes?: number
  /** Bytes of JavaScript objects and of what they hold outside of the heap, garbage collected. */
  readonly heapBytes: number
}

interface MemoryUse {
  readonly held: number | undefined
  readonly heap: number
}

/** Steps until everything that is made once has been made, the engine's optimised code included. */
const settlingSteps = 1000
const checkedSteps = 5
/** A leak shows in each window, code that the engine still makes only in one. */
const windows = 2
/** A JavaScript object that stays takes about that much. */
const leakBytesPerStep = 100

/** Whether nothing was kept of the steps: no value, and no object in each of them. */
export function isSteady({ steps, heldBytes = 0, heapBytes }: MemoryGrowth): boolean {
  return heldBytes <= 0 && heapBytes < leakBytesPerStep * steps
}

/** Training steps as in `mlp-adam`, of which the first are compared with the reference. */
export async function measureGrowth(
  subject: Subject,
  { steps, settling = settlingSteps }: { steps: number; settling?: number },
): Promise<MemoryGrowth> {
  await subject.activate()
  const problem = mlpProblem(mlpSizes, adam)
  const work = await subject.mlp(problem)
  const losses = await takeSteps(work, checkedSteps)
  const tolerance = { relative: 5e-5, absolute: 1e-6 }
  verify(`memory, ${subject.name}`, losses, mlpLosses(problem, checkedSteps), tolerance)
  await takeSteps(work, settling)
  const uses = [await memoryUse(subject)]
  for (let window = 0; window < windows; window++) {
    await takeSteps(work, steps)
    uses.push(await memoryUse(subject))
  }
  await work.dispose()
  const held = leastGrowth(uses.flatMap((use) => use.held ?? []))
  return {
    subject: subject.name,
    steps,
    ...(held === undefined ? {} : { heldBytes: held }),
    heapBytes: leastGrowth(uses.map((use) => use.heap)) ?? 0,
  }
}

/** From one number to the next; undefined where there are none. */
export function leastGrowth(sizes: readonly number[]): number | undefined {
  const growths = sizes.slice(1).map((size, i) => size - (sizes[i] ?? 0))
  return growths.length === 0 ? undefined : Math.min(...growths)
}

/** The losses. */
async function takeSteps(work: Work, steps: number): Promise<number[]> {
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    await work.step()
    losses.push((await work.result())[0] ?? Number.NaN)
  }
  return losses
}

async function memoryUse(subject: Subject): Promise<MemoryUse> {
  await collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return { held: subject.heldBytes(), heap: heapUsed + external }
}

/** Twice, with a turn of the event loop for what is cleaned up after a collection. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  for (let round = 0; round < 2; round++) {
    if (typeof collect === 'function') collect()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
