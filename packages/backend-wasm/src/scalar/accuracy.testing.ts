import { cpu } from '@tensorweft/backend-cpu'
import {
  erf,
  type FloatDType,
  type Instruction,
  pow,
  type ScalarFunction,
  setBackend,
  sigmoid,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { Random, runPlan } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'
import { elementwisePlan } from './elementwise.testing.ts'

const { NaN: nan, POSITIVE_INFINITY: inf } = Number
const tiny = 2 ** -149
const largest = 2 ** 128 - 2 ** 104
const points = process.env.TENSORWEFT_FULL === '1' ? 2 ** 22 : 2 ** 16

/** Remainders are exact, or rounded once where the divisor is added: those of the cpu backend. */
export function testRemainder(): void {
  test('mod of any float32 values is that of the cpu backend', async () => {
    const magnitudes = [0, tiny, 2e-38, 1e-20, 0.1, 0.5, 1, 2.5, 3, 7, 12345.678, 2 ** 24, 2 ** 28]
    magnitudes.push(2 ** 29, 1e10, 2 ** 40, 1e20, 2 ** 99, 2 ** 100, 1e30, largest, inf, nan)
    const edges = magnitudes.flatMap((x) => [x, -x])
    const pairs = edges.flatMap((x) => edges.map((y): [number, number] => [x, y]))
    const random = new Random(5)
    const size = pairs.length + points + 1
    const operand = (which: 0 | 1) => {
      const bits = Int32Array.from({ length: size }, () => random.integer(-(2 ** 31), 2 ** 31 - 1))
      const numbers = new Float32Array(bits.buffer)
      numbers.set(pairs.map((pair) => pair[which]))
      return numbers
    }
    const [x, y] = [operand(0), operand(1)]
    const plan = elementwisePlan('mod', 'float32', ['float32', 'float32'], size)
    const [wanted = x] = await runPlan(cpu(), plan, [x, y])
    const [got = y] = await runPlan(wasm({ threads: 1 }), plan, [x, y])
    const wrong = [...got.keys()].filter((k) => !Object.is(got[k], wanted[k]))
    expect(wrong.map((k) => [x[k], y[k], got[k], wanted[k]])).toEqual([])
  })
}

/** Distance of two neighbouring float32 values at `x`. */
function ulp(x: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), -126)
  return 2 ** (exponent - 23)
}

async function evaluate(name: Instruction | ScalarFunction, x: Float32Array) {
  const plan = elementwisePlan(name, 'float32', ['float32'], x.length)
  const [result = new Float32Array()] = await runPlan(wasm({ threads: 1 }), plan, [x])
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

/** The largest error of all results, in units of the last place. */
class Worst {
  readonly #name: string
  #error = 0
  #text = ''

  constructor(name: string) {
    this.#name = name
  }

  add(got: number, wanted: number, ...at: readonly number[]): void {
    if (got === Math.fround(wanted)) return
    const error = Math.abs(got - wanted) / ulp(wanted)
    if (error <= this.#error) return
    this.#error = error
    this.#text = `${this.#name} of ${at.join(', ')} is ${wanted}, got ${got}`
  }

  expectWithin(bound: number): void {
    expect(this.#error, this.#text).toBeLessThanOrEqual(bound)
  }
}

/** Sweeps every function against float64. */
export function testAccuracy(): void {
  describe('functions against float64', { timeout: 60_000 }, () => {
    for (const { name, exact, bound, arguments: sets } of sweeps) {
      test(`${name} is within ${bound} ulp`, async () => {
        const worst = new Worst(name)
        for (const x of sets) {
          const results = await evaluate(name, x)
          for (const [k, got] of results.entries()) worst.add(got, exact(x[k] ?? 0), x[k] ?? 0)
        }
        worst.expectWithin(bound)
      })
    }

    test('near multiples of π the sine keeps its digits', async () => {
      const x = Float32Array.from({ length: 3000 }, (_, k) => (k + 1) * Math.PI)
      const worst = new Worst('sin')
      const results = await evaluate('sin', x)
      for (const [k, got] of results.entries()) worst.add(got, Math.sin(x[k] ?? 0), x[k] ?? 0)
      worst.expectWithin(2)
    })
  })
}

interface OpSweep {
  readonly name: string
  readonly op: (x: Tensor<FloatDType>) => Tensor<FloatDType>
  readonly bound: number
  readonly arguments: readonly Float32Array[]
}

const opSweeps: readonly OpSweep[] = [
  { name: 'sigmoid', op: sigmoid, bound: 2, arguments: [sweep(-87, 30, points), ...both(tiny, 1)] },
  { name: 'erf', op: erf, bound: 4, arguments: both(tiny, 6) },
]

async function apply(op: OpSweep['op'], x: Float32Array, dtype: FloatDType) {
  return await op(tensor<FloatDType>([...x], { dtype })).data()
}

/** The same for ops that are made of several instructions, against the cpu backend in float64. */
export function testOpAccuracy(): void {
  describe('ops against float64', { timeout: 60_000 }, () => {
    for (const { name, op, bound, arguments: sets } of opSweeps) {
      test(`${name} is within ${bound} ulp`, async () => {
        const worst = new Worst(name)
        for (const x of sets) {
          await setBackend(cpu())
          const wanted = await apply(op, x, 'float64')
          await setBackend(wasm({ threads: 1 }))
          const results = await apply(op, x, 'float32')
          for (const [k, got] of results.entries()) worst.add(got, wanted[k] ?? 0, x[k] ?? 0)
        }
        worst.expectWithin(bound)
      })
    }

    test('pow is within 4 ulp', async () => {
      const random = new Random(7)
      const base = Float32Array.from({ length: points }, () => 2 ** (40 * random.uniform() - 20))
      const exponent = base.map(
        (x) => ((random.uniform() - 0.5) * 240) / (Math.abs(Math.log2(x)) + 1),
      )
      await setBackend(wasm({ threads: 1 }))
      const results = await pow(tensor(base), tensor(exponent)).data()
      const worst = new Worst('pow')
      for (const [k, got] of results.entries()) {
        const [x = 0, y = 0] = [base[k], exponent[k]]
        worst.add(got, x ** y, x, y)
      }
      worst.expectWithin(4)
    })
  })
}

/** Infinities, NaN, zeros and the ends of ranges. */
export function testEdges(): void {
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
}
