import { describe, expect, test } from 'vitest'
import { TensorweftError } from '../errors.ts'
import { type ScalarFunction, scalarFunctions } from '../ir/instruction.ts'
import { ScalarBuilder } from './builder.ts'
import { scalarFunction } from './evaluate.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const { POSITIVE_INFINITY: infinity, NaN: nan } = Number

/** The function written out in instructions, each rounded to float32. */
function expanded(name: ScalarFunction): (x: number) => number {
  const scalar = new ScalarBuilder([])
  return scalarFunction(scalar.call(name, scalar.argument('float32', 0)))
}

/** Float32 numbers of both signs with a magnitude up to `limit`, dense in every binade. */
function* sweep(limit: number): Generator<number> {
  const [float, bits] = [new Float32Array(1), new Uint32Array(1)]
  const bytes = new Uint32Array(float.buffer)
  const stride = isFull ? 997 : 59_999
  float[0] = limit
  const last = bytes[0] ?? 0
  for (bits[0] = 0; (bits[0] ?? 0) <= last; bits[0] = (bits[0] ?? 0) + stride) {
    bytes[0] = bits[0] ?? 0
    const x = float[0] ?? 0
    yield x
    yield -x
  }
}

/** Distance of neighbouring float32 numbers at `x`. */
function ulpOf(x: number): number {
  return 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -126) - 23)
}

/** Distance from the exact value in units of the last place of float32. */
function errorInUlp(result: number, exact: number): number {
  const nearest = Math.fround(exact)
  if (Object.is(result, nearest)) return 0
  if (!Number.isFinite(nearest) || !Number.isFinite(result)) return infinity
  return Math.abs(result - exact) / ulpOf(nearest)
}

/** The greatest error over the sweep, and where it is. */
function worst(name: ScalarFunction, limit: number): { error: number; x: number } {
  const f = expanded(name)
  let most = { error: 0, x: 0 }
  for (const x of sweep(limit)) {
    const error = errorInUlp(f(x), Math[name](x))
    if (error > most.error) most = { error, x }
  }
  return most
}

describe('over all float32 numbers, subnormal ones included', () => {
  // A sweep of every 251st number found 1.15, 1.85, 3.52, 2.06 and 3.08.
  const bounds: Readonly<Record<Exclude<ScalarFunction, 'cos'>, number>> = {
    exp: 1.25,
    log: 2,
    log1p: 3.75,
    expm1: 2.25,
    tanh: 3.25,
  }
  test.each(Object.entries(bounds))('%s is within %d ulp', (name, bound) => {
    const { error, x } = worst(name as ScalarFunction, 3.4e38)
    expect(error, `at ${x}`).toBeLessThanOrEqual(bound)
  })
})

describe('cos', () => {
  test('is within 2.5 ulp up to 32768', () => {
    const { error, x } = worst('cos', 32768)
    expect(error, `at ${x}`).toBeLessThanOrEqual(2.5)
  })

  test('keeps its relative accuracy beside its zeros', () => {
    const cos = expanded('cos')
    for (const k of [1, 3, 5, 9, 13, 101, 1001]) {
      const x = Math.fround((k * Math.PI) / 2)
      expect(errorInUlp(cos(x), Math.cos(x)), `at ${x}`).toBeLessThanOrEqual(2.5)
    }
  })

  test('stays within [−1, 1] for arguments of any size', () => {
    const cos = expanded('cos')
    const greatest = [...sweep(3.4e38)].reduce((most, x) => Math.max(most, Math.abs(cos(x))), 0)
    expect(greatest).toBe(1)
  })
})

describe('at the edges', () => {
  const least = 2 ** -149
  const cases: Readonly<Record<ScalarFunction, [x: number, result: number][]>> = {
    exp: [
      [0, 1],
      [infinity, infinity],
      [-infinity, 0],
      [88.7228, Math.fround(Math.exp(Math.fround(88.7228)))],
      [88.73, infinity],
      [-103.9, least],
      [-105, 0],
      [1e30, infinity],
      [-1e30, 0],
    ],
    log: [
      [0, -infinity],
      [-0, -infinity],
      [1, 0],
      [infinity, infinity],
      [-1, nan],
      [-infinity, nan],
      [least, Math.fround(Math.log(least))],
    ],
    log1p: [
      [0, 0],
      [-0, -0],
      [-1, -infinity],
      [-1.5, nan],
      [infinity, infinity],
      [least, least],
      [-1e-30, Math.fround(-1e-30)],
    ],
    expm1: [
      [0, 0],
      [-0, -0],
      [infinity, infinity],
      [-infinity, -1],
      [-1e10, -1],
      [least, least],
      [-1e-30, Math.fround(-1e-30)],
    ],
    tanh: [
      [0, 0],
      [-0, -0],
      [infinity, 1],
      [-infinity, -1],
      [20, 1],
      [-1e30, -1],
      [least, least],
      [1e-30, Math.fround(1e-30)],
    ],
    cos: [
      [0, 1],
      [-0, 1],
      [least, 1],
      [infinity, nan],
      [-infinity, nan],
    ],
  }
  test.each(scalarFunctions)('%s', (name) => {
    const f = expanded(name)
    expect(f(nan)).toBe(nan)
    for (const [x, result] of cases[name]) expect(f(x), `at ${x}`).toBe(result)
  })
})

test('tanh, expm1 and log1p are monotone around 0 and where branches meet', () => {
  for (const name of ['tanh', 'expm1', 'log1p'] as const) {
    const f = expanded(name)
    for (const centre of [-0.5, -0.25, 0, 0.25, 0.5]) {
      let before = Number.NEGATIVE_INFINITY
      for (let i = -200; i <= 200; i++) {
        const y = f(Math.fround(centre + i * 2 ** -16))
        expect(y, `${name} near ${centre}`).toBeGreaterThanOrEqual(before)
        before = y
      }
    }
  }
})

test.each(scalarFunctions)('%s of float64 is as accurate as float64, or refused', (name) => {
  const scalar = new ScalarBuilder([])
  let f: (x: number) => number
  try {
    f = scalarFunction(scalar.call(name, scalar.argument('float64', 0)))
  } catch (error) {
    expect(error).toBeInstanceOf(TensorweftError)
    return
  }
  for (const x of [0.3, 1.7, 20]) {
    expect(Math.abs(f(x) / Math[name](x) - 1), `at ${x}`).toBeLessThan(1e-14)
  }
})

test('a function that a backend claims stays a call', () => {
  const scalar = new ScalarBuilder(['exp'])
  const x = scalar.argument('float32', 0)
  expect(scalar.call('exp', x)).toMatchObject({ kind: 'apply', instruction: 'exp', args: [x] })
  expect(scalar.call('tanh', x)).not.toMatchObject({ instruction: 'tanh' })
})
