import { exp, log, sigmoid, sqrt, type Tensor, tanh, tensor, withBackend } from '@tensorweft/core'
import type { CaseDefinition } from '../case.ts'
import { ConformanceError } from '../conformance-error.ts'

/** An elementary function with the range on which it is accurate to some units in the last place. */
interface Sweep {
  readonly name: string
  readonly f: (x: Tensor) => Tensor
  readonly exact: (x: number) => number
  readonly range: readonly [number, number]
  readonly spacing: 'linear' | 'logarithmic'
  readonly ulps: number
}

const sweeps: readonly Sweep[] = [
  { name: 'exp', f: exp, exact: Math.exp, range: [-87, 88], spacing: 'linear', ulps: 4 },
  { name: 'log', f: log, exact: Math.log, range: [1e-37, 1e38], spacing: 'logarithmic', ulps: 4 },
  { name: 'log near 1', f: log, exact: Math.log, range: [0.5, 2], spacing: 'linear', ulps: 4 },
  { name: 'tanh', f: tanh, exact: Math.tanh, range: [-12, 12], spacing: 'linear', ulps: 4 },
  {
    name: 'tanh near 0',
    f: tanh,
    exact: Math.tanh,
    range: [1e-8, 1],
    spacing: 'logarithmic',
    ulps: 4,
  },
  {
    name: 'sigmoid',
    f: sigmoid,
    exact: (x) => 1 / (1 + Math.exp(-x)),
    range: [-80, 80],
    spacing: 'linear',
    ulps: 6,
  },
  {
    name: 'sqrt',
    f: sqrt,
    exact: Math.sqrt,
    range: [1e-37, 1e38],
    spacing: 'logarithmic',
    ulps: 1,
  },
]

const points = 4001

/** Elementary functions in float32, measured in units in the last place over their ranges. */
export const accuracyCases: readonly CaseDefinition[] = sweeps.map((sweep) => ({
  name: `accuracy: ${sweep.name} within ${sweep.ulps} units in the last place`,
  body: async ({ backend }) => {
    const xs = sampled(sweep)
    const y = sweep.f(tensor(xs))
    const got = await withBackend(backend, () => y.data())
    let worst = { error: 0, x: 0, got: 0 }
    xs.forEach((x, i) => {
      const actual = got[i] ?? Number.NaN
      const error = Math.abs(actual - sweep.exact(x)) / unitAt(sweep.exact(x))
      if (!(error <= worst.error)) worst = { error, x, got: actual }
    })
    if (worst.error <= sweep.ulps) return
    const { error, x, got: actual } = worst
    throw new ConformanceError(
      `${sweep.name}(${x}) = ${actual} is off by ${error.toFixed(1)} units; exact: ${sweep.exact(x)}`,
    )
  },
}))

function sampled({ range: [low, high], spacing }: Sweep): Float32Array {
  return Float32Array.from({ length: points }, (_, i) => {
    const t = i / (points - 1)
    return spacing === 'linear' ? low + (high - low) * t : low * (high / low) ** t
  })
}

/** Distance of float32 neighbours around a number. */
function unitAt(value: number): number {
  return 2 ** Math.max(Math.floor(Math.log2(Math.abs(value))) - 23, -149)
}
