import { describe, expect, test } from 'vitest'
import { describeGoldenMismatch } from './compare-golden.ts'
import { goldenFamilies } from './golden-case.ts'
import { loadGoldens } from './load-goldens.ts'
import { parseGoldens } from './parse-goldens.ts'

const golden = {
  name: 'a',
  op: 'clip',
  attrs: { min: '-Infinity', max: 2, mode: 'hard', nested: { list: ['NaN', true, null] } },
  inputs: [{ name: 'x', shape: [3], dtype: 'float32', data: [0.1, 'NaN', '-Infinity'] }],
  outputs: [{ shape: [3], dtype: 'float32', data: [0.123456789, 'NaN', 'Infinity'] }],
  cotangents: [[0.1, 1, 2], null],
  gradients: { x: [0.1, 0, 0] },
  rtol: 1e-6,
  atol: 1e-7,
}
const parse = (changes: object = {}) => parseGoldens({ cases: [{ ...golden, ...changes }] })

describe('a golden case', () => {
  const [parsed] = parse()

  test('has inputs and cotangents that are exact in float32, answers that are not rounded', () => {
    const [input] = parsed?.inputs ?? []
    expect(input?.data).toEqual(new Float32Array([0.1, Number.NaN, Number.NEGATIVE_INFINITY]))
    expect(parsed?.cotangents).toEqual([new Float32Array([0.1, 1, 2]), undefined])
    const values = [0.123456789, Number.NaN, Number.POSITIVE_INFINITY]
    expect(parsed?.outputs).toEqual([
      { shape: [3], dtype: 'float32', values: new Float64Array(values) },
    ])
    expect(parsed?.gradients.get('x')).toEqual(new Float64Array([0.1, 0, 0]))
  })

  test('has attributes with real infinities, and other texts as they are', () => {
    expect(parsed?.attributes).toEqual({
      min: Number.NEGATIVE_INFINITY,
      max: 2,
      mode: 'hard',
      nested: { list: [Number.NaN, true, null] },
    })
  })

  test.each([
    [
      { inputs: [{ name: 'x', shape: [1], dtype: 'bfloat16', data: [1] }] },
      /'a': 'bfloat16' is no dtype/,
    ],
    [{ outputs: 3 }, /'a': 'outputs' is no list/],
    [{ gradients: { x: ['one'] } }, /'a': "one" is no number/],
    [{ attrs: [] }, /'a': attrs is no object/],
    [{ rtol: undefined }, /'a': undefined is no number/],
    [{ op: 1 }, /'op' is no text/],
    [{ name: null }, /'name' is no text/],
  ])('in another format is refused: %j', (changes, message) => {
    expect(() => parse(changes)).toThrow(message)
  })
})

describe('the comparison', () => {
  const compare = (got: number[], values: number[], dtype: 'float32' | 'int32' = 'float32') =>
    describeGoldenMismatch(
      dtype === 'int32' ? Int32Array.from(got) : Float32Array.from(got),
      { shape: [values.length], dtype, values: Float64Array.from(values) },
      { rtol: 0.1, atol: 0.5 },
    )

  test('allows atol + rtol · |wanted|', () => {
    expect(compare([11.5, -11.5], [10, -10])).toBeUndefined()
    expect(compare([11.6], [10])).toMatch(/got 11\.6.*wanted 10/)
    expect(compare([-0], [0])).toBeUndefined()
  })

  test('wants NaN for NaN and the same infinity', () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
    expect(compare([nan, infinity, -infinity], [nan, infinity, -infinity])).toBeUndefined()
    for (const [got, wanted] of [
      [0, nan],
      [nan, 0],
      [infinity, nan],
      [1e38, infinity],
      [-infinity, infinity],
      [infinity, 1],
    ] as const) {
      expect(compare([got], [wanted])).toBeDefined()
    }
  })

  test('wants integers exactly', () => {
    expect(compare([3], [3], 'int32')).toBeUndefined()
    expect(compare([4], [3], 'int32')).toBeDefined()
  })

  test('counts the elements', () => {
    expect(compare([1, 2], [1])).toMatch(/2 elements instead of 1/)
  })
})

test.each(goldenFamilies)('the file %s is whole', async (family) => {
  const cases = await loadGoldens(family)
  expect(cases.length).toBeGreaterThan(0)
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  for (const { inputs, outputs, gradients } of cases) {
    for (const { shape, data } of inputs) {
      expect(data.length).toBe(shape.reduce((size, n) => size * n, 1))
    }
    for (const { shape, values } of outputs) {
      expect(values.length).toBe(shape.reduce((size, n) => size * n, 1))
    }
    for (const [name, values] of gradients) {
      expect(values.length).toBe(inputs.find((input) => input.name === name)?.data.length)
    }
  }
})
