import { webgpuProblem } from '../../worker/webgpu-problem.ts'
import type { BackendName, Contestant, Training } from './contestant.ts'
import type { Problem } from './problem.ts'

/** Prepares a training, or says why that cannot be. */
export type Prepare = (
  backend: BackendName,
  problem: Problem,
) => Promise<Training | { readonly unable: string }>

/** A contestant that times its own steps, so that no message to its worker is timed with them. */
export function makeContestant(prepare: Prepare): Contestant {
  let prepared: Training | undefined
  const training = () => {
    if (prepared === undefined) throw new Error('a contestant steps before it has started')
    return prepared
  }
  return {
    async start(backend, problem) {
      const lack = backend === 'webgpu' ? await webgpuProblem() : undefined
      if (lack !== undefined) return { unable: lack }
      const made = await prepare(backend, problem)
      if ('unable' in made) return made
      prepared = made
      return { threads: made.threads }
    },
    async check(count) {
      const { step, readLoss, finish } = training()
      const losses: number[] = []
      const stepsMs: number[] = []
      for (let i = 0; i < count; i++) {
        const start = performance.now()
        step()
        losses.push(await readLoss())
        await finish()
        if (i > 0) stepsMs.push(performance.now() - start)
      }
      return { losses, stepsMs }
    },
    async run(count) {
      const { step, finish } = training()
      const start = performance.now()
      for (let i = 0; i < count; i++) step()
      await finish()
      return performance.now() - start
    },
  }
}
