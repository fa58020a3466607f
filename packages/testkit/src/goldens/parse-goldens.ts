import { createTypedArray, type DType, dtypes } from '@tensorweft/core'
import type { GoldenAttribute, GoldenCase, GoldenInput, GoldenOutput } from './golden-case.ts'

type Json = { readonly [name: string]: unknown }

/**
 * The cases of a file of reference values, from its parsed JSON: numbers that JSON cannot hold
 * become real ones, and inputs become the float32 numbers that their digits stand for.
 *
 * @throws Error for data in another format, saying in which case.
 * @example
 * ```ts
 * const text = '{ "cases": [{ "name": "a", "op": "neg", "attrs": {}, "inputs": [], "outputs": [], "rtol": 0, "atol": 0 }] }'
 * const [golden] = parseGoldens(JSON.parse(text))
 * ```
 */
export function parseGoldens(json: unknown): GoldenCase[] {
  return listAt(objectOf(json, 'the file'), 'cases').map(parseCase)
}

function parseCase(json: unknown, index: number): GoldenCase {
  const fields = objectOf(json, `case ${index}`)
  const name = textAt(fields, 'name')
  try {
    return {
      name,
      op: textAt(fields, 'op'),
      attributes: parseAttributes(objectOf(fields.attrs, 'attrs')),
      inputs: listAt(fields, 'inputs').map(parseInput),
      outputs: listAt(fields, 'outputs').map(parseOutput),
      cotangents: listAt(fields, 'cotangents', []).map((values) =>
        values === null ? undefined : Float32Array.from(numbersOf(values)),
      ),
      gradients: new Map(
        Object.entries(objectOf(fields.gradients ?? {}, 'gradients')).map(([input, values]) => [
          input,
          Float64Array.from(numbersOf(values)),
        ]),
      ),
      rtol: numberOf(fields.rtol),
      atol: numberOf(fields.atol),
    }
  } catch (error) {
    throw new Error(`golden case '${name}': ${error instanceof Error ? error.message : error}`)
  }
}

function parseInput(json: unknown): GoldenInput {
  const fields = objectOf(json, 'an input')
  const dtype = dtypeAt(fields)
  const values = numbersOf(fields.data)
  // Storing rounds the shortest decimal to the float32 number that it stands for.
  const data = createTypedArray<DType>(dtype, values.length)
  data.set(values)
  return { name: textAt(fields, 'name'), shape: numbersOf(fields.shape), dtype, data }
}

function parseOutput(json: unknown): GoldenOutput {
  const fields = objectOf(json, 'an output')
  return {
    ...(fields.name !== undefined && { name: textAt(fields, 'name') }),
    shape: numbersOf(fields.shape),
    dtype: dtypeAt(fields),
    values: Float64Array.from(numbersOf(fields.data)),
  }
}

function parseAttributes(fields: Json): { [name: string]: GoldenAttribute } {
  const entries = Object.entries(fields).map(([name, value]) => [name, parseAttribute(value)])
  return Object.fromEntries(entries)
}

function parseAttribute(value: unknown): GoldenAttribute {
  if (typeof value === 'string') return specialNumbers.get(value) ?? value
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  if (Array.isArray(value)) return value.map(parseAttribute)
  return parseAttributes(objectOf(value, 'an attribute'))
}

const specialNumbers: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

function numberOf(value: unknown): number {
  const number = specialNumbers.get(value) ?? value
  if (typeof number !== 'number') throw new Error(`${JSON.stringify(value)} is no number`)
  return number
}

function numbersOf(value: unknown): number[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is no list of numbers`)
  return value.map(numberOf)
}

function objectOf(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${what} is no object`)
  }
  return { ...value }
}

function listAt(fields: Json, name: string, otherwise?: readonly unknown[]): readonly unknown[] {
  const value = fields[name] ?? otherwise
  if (!Array.isArray(value)) throw new Error(`'${name}' is no list`)
  return value
}

function textAt(fields: Json, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw new Error(`'${name}' is no text`)
  return value
}

function dtypeAt(fields: Json): DType {
  const name = textAt(fields, 'dtype')
  const dtype = dtypes.find((known) => known === name)
  if (dtype === undefined) throw new Error(`'${name}' is no dtype`)
  return dtype
}
