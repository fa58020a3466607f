import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects garbage, and lets finalisers run, until `isDone` or a second has passed. */
export async function collectGarbage(isDone: () => boolean = () => false): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc: () => void = runInNewContext('gc')
  for (let round = 0; round < 20 && !isDone(); round++) {
    // A task of its own: what was just used is kept until the end of the one that runs.
    await new Promise((resolve) => setTimeout(resolve, 1))
    gc()
  }
  await new Promise((resolve) => setTimeout(resolve, 1))
}
