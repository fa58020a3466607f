import { checkRandomGraphs } from '../../random-graphs/check.ts'
import { type RunMode, runModes } from '../../random-graphs/run-modes.ts'
import type { CaseDefinition } from '../case.ts'

const descriptions: Readonly<Record<RunMode, string>> = {
  eager: 'computed at once',
  stepwise: 'read on the way',
  withGradients: 'with gradients',
  compiled: 'compiled, and called on their own outputs',
  assigned: 'as steps that assign parameters',
}

const modes = Object.keys(runModes) as RunMode[]

/** Random graphs, every element compared with the reference. */
export function randomGraphCases(count: number): CaseDefinition[] {
  return modes.flatMap((mode, i) => [
    {
      name: `random graphs: ${descriptions[mode]}`,
      body: async ({ backend }) => {
        await checkRandomGraphs(backend, { count, seed: 1000 * i, modes: [mode] })
      },
    },
  ])
}
