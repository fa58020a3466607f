import { describe, expect, test } from 'vitest'
import { TensorweftError } from '../errors.ts'
import { type ScalarFunction, scalarFunctions } from '../ir/instruction.ts'
import { ScalarBuilder } from './builder.ts'
import { scalarFunction } from './evaluate.testing.ts'
import { errorInUlp, sweep, worst } from './ulp.testing.ts'

const { POSITIVE_INFINITY: infinity, NaN: nan } = Number

/** The function written out in instructions, each rounded to float32. */
function expanded(name: ScalarFunction): (x: number) => number {
  const scalar = new ScalarBuilder([])
  return scalarFunction(scalar.call(name, scalar.argument('float32', 0)))
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
    const fn = name as ScalarFunction
    const { error, at } = worst(expanded(fn), Math[fn], sweep(3.4e38))
    expect(error, `at ${at}`).toBeLessThanOrEqual(bound)
  })
})

describe('cos', () => {
  test('is within 2.5 ulp up to 32768', () => {
    const { error, at } = worst(expanded('cos'), Math.cos, sweep(32768))
    expect(error, `at ${at}`).toBeLessThanOrEqual(2.5)
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
    const greatest = [...sweep(3.4e38)].reduce((most, [x]) => Math.max(most, Math.abs(cos(x))), 0)
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
