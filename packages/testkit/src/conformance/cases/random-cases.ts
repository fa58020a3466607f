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
  const ofModes = modes.map(
    (mode, i): CaseDefinition => ({
      name: `random graphs: ${descriptions[mode]}`,
      body: async ({ backend }) => {
        await checkRandomGraphs(backend, { count, seed: 1000 * i, modes: [mode] })
      },
    }),
  )
  return [...ofModes, float16Case(count)]
}

function float16Case(count: number): CaseDefinition {
  return {
    name: 'random graphs: of float16',
    unless: ({ dtypes }) => (dtypes.includes('float16') ? undefined : 'no float16'),
    body: async ({ backend }) => {
      const limits = { dtypes: ['float16', 'float32', 'int32', 'bool'] } as const
      await checkRandomGraphs(backend, { count, seed: 9000, limits })
    },
  }
}
