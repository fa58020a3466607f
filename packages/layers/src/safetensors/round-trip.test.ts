import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors } from './decode.ts'
import { encodeSafetensors } from './encode.ts'
import { SafetensorsError } from './safetensors-error.ts'
import { handMadeFile } from './safetensors-file.testing.ts'
import type { SafetensorsTensor } from './tensor.ts'

// The same cases in every run; under TENSORWEFT_FULL=1 many more, by a new seed each time.
fc.configureGlobal(process.env.TENSORWEFT_FULL === '1' ? { numRuns: 10_000 } : { seed: 1 })

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
const sizeOf = (sizes: readonly number[]) => sizes.reduce((size, n) => size * n, 1)

/** A tensor of any shape whose bytes are drawn by `element`. */
function tensorOf(
  element: fc.Arbitrary<number>,
  make: (shape: readonly number[], values: readonly number[]) => SafetensorsTensor,
): fc.Arbitrary<SafetensorsTensor> {
  return shape.chain((sizes) => {
    const size = sizeOf(sizes)
    return fc
      .array(element, { minLength: size, maxLength: size })
      .map((values) => make(sizes, values))
  })
}

const byte = fc.integer({ min: 0, max: 255 })
const tensor = fc.oneof(
  tensorOf(fc.float(), (sizes, values) => ({
    dtype: 'float32',
    shape: sizes,
    data: new Float32Array(values),
  })),
  tensorOf(fc.double(), (sizes, values) => ({
    dtype: 'float64',
    shape: sizes,
    data: new Float64Array(values),
  })),
  tensorOf(fc.integer({ min: 0, max: 0xffff }), (sizes, values) => ({
    dtype: 'float16',
    shape: sizes,
    data: new Uint16Array(values),
  })),
  tensorOf(fc.integer(), (sizes, values) => ({
    dtype: 'int32',
    shape: sizes,
    data: new Int32Array(values),
  })),
  tensorOf(byte, (sizes, values) => ({
    dtype: 'uint8',
    shape: sizes,
    data: new Uint8Array(values),
  })),
  tensorOf(fc.integer({ min: 0, max: 1 }), (sizes, values) => ({
    dtype: 'bool',
    shape: sizes,
    data: new Uint8Array(values),
  })),
  tensorOf(byte, (sizes, values) => ({
    dtype: 'BF16',
    shape: [...sizes, 2],
    data: new Uint8Array(values.flatMap((value) => [value, 1, value, 2])),
  })),
)

const text = fc.string({ unit: 'grapheme', maxLength: 8 })
const name = fc
  .oneof(text, fc.integer({ min: 0, max: 99 }).map(String), fc.constant('__proto__'))
  .filter((candidate) => candidate !== '__metadata__')
const tensors = fc
  .uniqueArray(fc.tuple(name, tensor), { maxLength: 6, selector: ([key]) => key })
  .map((entries) => new Map(entries))
const metadata = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true })

describe('any tensors', () => {
  test('come back as they were, in their order', () => {
    fc.assert(
      fc.property(tensors, metadata, (written, notes) => {
        const read = decodeSafetensors(encodeSafetensors(written, notes))
        expect([...read.tensors]).toEqual([...written])
        expect(read.metadata).toEqual(notes)
      }),
      { numRuns: 300 },
    )
  })
})

/** Reads the bytes; the only permitted failure is the codec's own error. */
function readOrRefuse(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const { tensors: read, metadata: notes } = decodeSafetensors(bytes)
    // What could be read can be written again.
    expect([...decodeSafetensors(encodeSafetensors(read, notes)).tensors]).toEqual([...read])
    return 'read'
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error
    return 'refused'
  }
}

describe('any damage', () => {
  const file = tensors.map((written) => encodeSafetensors(written, { note: 'x' }))

  test('a truncated file is refused, at any length', () => {
    fc.assert(
      fc.property(file, fc.nat(), (bytes, cut) => {
        expect(readOrRefuse(bytes.subarray(0, cut % bytes.byteLength))).toBe('refused')
      }),
      { numRuns: 500 },
    )
  })

  test('a longer file is refused', () => {
    fc.assert(
      fc.property(file, fc.uint8Array({ minLength: 1, maxLength: 9 }), (bytes, tail) => {
        expect(readOrRefuse(Uint8Array.from([...bytes, ...tail]))).toBe('refused')
      }),
    )
  })

  test('changed bytes are read or refused, nothing else', () => {
    const change = fc.tuple(fc.nat(), byte)
    fc.assert(
      fc.property(file, fc.array(change, { minLength: 1, maxLength: 4 }), (bytes, changes) => {
        const damaged = Uint8Array.from(bytes)
        for (const [place, value] of changes) damaged[place % damaged.byteLength] = value
        readOrRefuse(damaged)
      }),
      { numRuns: 2000 },
    )
  })

  test('any JSON as the header is read or refused, nothing else', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('F32', 'U8', [0, 4], [1], [2, -1], []))
    const entry = fc.record(
      { dtype: field, shape: field, data_offsets: field },
      { requiredKeys: [] },
    )
    const header = fc.dictionary(
      fc.oneof(name, fc.constant('__metadata__')),
      fc.oneof(entry, field),
    )
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 8 }), (json, data) => {
        readOrRefuse(handMadeFile(JSON.stringify(json), data))
      }),
      { numRuns: 1000 },
    )
  })

  test('any bytes are read or refused, nothing else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void readOrRefuse(bytes)))
  })
})
