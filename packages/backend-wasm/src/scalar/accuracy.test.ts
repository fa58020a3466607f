import type { Instruction, ScalarFunction } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'
import { elementwisePlan, runOn } from '../plans.testing.ts'

const points = process.env.TENSORWEFT_FULL === '1' ? 2 ** 22 : 2 ** 16

/** Distance of two neighbouring float32 values at `x`. */
function ulp(x: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), -126)
  return 2 ** (exponent - 23)
}

async function evaluate(name: Instruction | ScalarFunction, x: Float32Array) {
  const plan = elementwisePlan(name, 'float32', ['float32'], x.length)
  const [result = new Float32Array()] = await runOn(wasm(), plan, [x])
  return result
}

/** Float32 values from `low` to `high`: evenly spaced, or by their bits where both are positive. */
function sweep(low: number, high: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1))
}

function sweepBits(low: number, high: number, count: number): Float32Array {
  const ends = new Int32Array(Float32Array.of(low, high).buffer)
  const [first = 0, last = 0] = ends
  const bits = Int32Array.from({ length: count }, (_, k) =>
    Math.round(first + ((last - first) * k) / (count - 1)),
  )
  return new Float32Array(bits.buffer)
}

interface Sweep {
  readonly name: Instruction | ScalarFunction
  readonly exact: (x: number) => number
  readonly bound: number
  readonly arguments: readonly Float32Array[]
}

const tiny = 2 ** -149
const both = (low: number, high: number) => {
  const positive = sweepBits(low, high, points)
  return [positive, positive.map((x) => -x)]
}

const sweeps: readonly Sweep[] = [
  {
    name: 'exp',
    exact: Math.exp,
    bound: 1,
    arguments: [sweep(-104, 88.8, points), ...both(tiny, 1)],
  },
  {
    name: 'exp2',
    exact: (x) => 2 ** x,
    bound: 2,
    arguments: [sweep(-150, 128, points), ...both(tiny, 1)],
  },
  {
    name: 'expm1',
    exact: Math.expm1,
    bound: 2,
    arguments: [sweep(-20, 88.8, points), ...both(tiny, 20)],
  },
  {
    name: 'log',
    exact: Math.log,
    bound: 1,
    arguments: [sweepBits(tiny, 3.4e38, points), sweep(0.5, 2, points)],
  },
  {
    name: 'log2',
    exact: Math.log2,
    bound: 2,
    arguments: [sweepBits(tiny, 3.4e38, points), sweep(0.5, 2, points)],
  },
  {
    name: 'log1p',
    exact: Math.log1p,
    bound: 2,
    arguments: [...both(tiny, 0.99), sweepBits(0.5, 3.4e38, points)],
  },
  { name: 'tanh', exact: Math.tanh, bound: 2, arguments: both(tiny, 20) },
  {
    name: 'sin',
    exact: Math.sin,
    bound: 2,
    arguments: [...both(tiny, 1e6), sweep(-1e4, 1e4, points)],
  },
  {
    name: 'cos',
    exact: Math.cos,
    bound: 2,
    arguments: [...both(tiny, 1e6), sweep(-1e4, 1e4, points)],
  },
]

describe('functions against float64', { timeout: 60_000 }, () => {
  for (const { name, exact, bound, arguments: sets } of sweeps) {
    test(`${name} is within ${bound} ulp`, async () => {
      let worst = { error: 0, x: 0, got: 0 }
      for (const x of sets) {
        const results = await evaluate(name, x)
        results.forEach((got, k) => {
          const at = x[k] ?? 0
          const wanted = exact(at)
          if (got === Math.fround(wanted)) return
          const error = Math.abs(got - wanted) / ulp(wanted)
          if (!(error <= worst.error)) worst = { error, x: at, got }
        })
      }
      expect(worst.error, JSON.stringify(worst)).toBeLessThanOrEqual(bound)
    })
  }

  test('near multiples of π the sine keeps its digits', async () => {
    const x = Float32Array.from({ length: 3000 }, (_, k) => (k + 1) * Math.PI)
    const results = await evaluate('sin', x)
    results.forEach((got, k) => {
      const wanted = Math.sin(x[k] ?? 0)
      expect(Math.abs(got - wanted) / ulp(wanted)).toBeLessThanOrEqual(2)
    })
  })
})

const { NaN: nan, POSITIVE_INFINITY: inf } = Number

describe('edges', () => {
  const edges: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
    exp: [
      [-inf, 0],
      [inf, inf],
      [nan, nan],
      [0, 1],
      [-0, 1],
      [89, inf],
      [-105, 0],
      [-103, tiny],
    ],
    exp2: [
      [-inf, 0],
      [inf, inf],
      [nan, nan],
      [0, 1],
      [128, inf],
      [-149, tiny],
      [-151, 0],
      [127, 2 ** 127],
    ],
    expm1: [
      [-inf, -1],
      [inf, inf],
      [nan, nan],
      [0, 0],
      [-0, -0],
      [100, inf],
    ],
    log: [
      [0, -inf],
      [-0, -inf],
      [1, 0],
      [inf, inf],
      [-1, nan],
      [-inf, nan],
      [nan, nan],
    ],
    log2: [
      [0, -inf],
      [-0, -inf],
      [1, 0],
      [8, 3],
      [tiny, -149],
      [inf, inf],
      [-1, nan],
      [nan, nan],
    ],
    log1p: [
      [0, 0],
      [-0, -0],
      [-1, -inf],
      [inf, inf],
      [-2, nan],
      [-inf, nan],
      [nan, nan],
    ],
    tanh: [
      [0, 0],
      [-0, -0],
      [inf, 1],
      [-inf, -1],
      [nan, nan],
      [30, 1],
      [-30, -1],
    ],
    sin: [
      [0, 0],
      [-0, -0],
      [inf, nan],
      [-inf, nan],
      [nan, nan],
    ],
    cos: [
      [0, 1],
      [-0, 1],
      [inf, nan],
      [-inf, nan],
      [nan, nan],
    ],
    sqrt: [
      [0, 0],
      [-0, -0],
      [4, 2],
      [inf, inf],
      [-1, nan],
      [nan, nan],
    ],
    floor: [
      [1.5, 1],
      [-1.5, -2],
      [-0, -0],
      [inf, inf],
      [nan, nan],
    ],
    trunc: [
      [1.5, 1],
      [-1.5, -1],
      [-0.5, -0],
      [-inf, -inf],
      [nan, nan],
    ],
  }
  for (const [name, pairs] of Object.entries(edges)) {
    test(name, async () => {
      const x = Float32Array.from(pairs, ([at]) => at)
      const results = await evaluate(name as Instruction, x)
      expect([...results]).toEqual(pairs.map(([, wanted]) => wanted))
    })
  }
})
