import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DataError } from './data-error.ts'
import { idxBytes, smallFiles, writeFiles } from './idx.testing.ts'
import { loadMnist } from './mnist.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorweft-mnist-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const trainImages = 'train-images-idx3-ubyte'
const trainLabels = 'train-labels-idx1-ubyte'
const testImages = 't10k-images-idx3-ubyte'

async function expectSmallData(): Promise<void> {
  const { train, test: judged } = await loadMnist({ data: folder })
  expect(train).toMatchObject({ count: 3, height: 2, width: 2 })
  expect([...train.images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect([...train.labels]).toEqual([7, 0, 9])
  expect(judged).toMatchObject({ count: 2, height: 2, width: 2 })
  expect([...judged.images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect([...judged.labels]).toEqual([1, 2])
}

/** The four files, each renamed and changed. */
function changed(
  rename: (name: string) => string,
  change = (bytes: Uint8Array): Uint8Array => bytes,
): Record<string, Uint8Array> {
  const entries = Object.entries(smallFiles())
  return Object.fromEntries(entries.map(([name, bytes]) => [rename(name), change(bytes)]))
}

describe('a folder', () => {
  const dotted = (name: string) => name.replace('-idx', '.idx')
  const gzipped = (bytes: Uint8Array) => gzipSync(bytes)
  const cases: readonly (readonly [string, Record<string, Uint8Array>])[] = [
    ['of plain files', smallFiles()],
    ['in the other spelling', changed(dotted)],
    ['of gzip files', changed((name) => `${name}.gz`, gzipped)],
    ['of gzip files in the other spelling', changed((name) => `${dotted(name)}.gz`, gzipped)],
    ['of gzip files without .gz', changed((name) => name, gzipped)],
    ['of unpacked files that are still named .gz', changed((name) => `${name}.gz`)],
    [
      'of gzip files in two members',
      changed(
        (name) => name,
        (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 5)), gzipSync(bytes.subarray(5))]),
      ),
    ],
  ]

  test.each(cases)('%s', async (_, files) => {
    writeFiles(folder, files)
    await expectSmallData()
  })

  test('with a folder of the same name beside the file', async () => {
    mkdirSync(join(folder, trainImages))
    writeFiles(folder, changed(dotted))
    await expectSmallData()
  })
})

describe('what is refused', () => {
  async function refusal(files: Record<string, Uint8Array>): Promise<string> {
    writeFiles(folder, { ...smallFiles(), ...files })
    return refusalOf(folder)
  }
  async function refusalOf(data: string): Promise<string> {
    const error: unknown = await loadMnist({ data }).catch((caught: unknown) => caught)
    if (!(error instanceof DataError)) throw error
    expect(error.message).not.toContain('\n')
    return error.message
  }

  test('a folder that does not exist', async () => {
    const missing = join(folder, 'missing')
    expect(await refusalOf(missing)).toBe(`${missing}: this data folder does not exist`)
  })

  test('a file in place of the folder', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(await refusalOf(file)).toBe(`${file}: this is a file, the data comes from a folder`)
    expect(await refusalOf(join(file, 'inner'))).toMatch(/this data folder does not exist/)
  })

  test.each(Object.keys(smallFiles()))('a folder without %s', async (name) => {
    writeFiles(folder, smallFiles())
    rmSync(join(folder, name))
    expect(await refusalOf(folder)).toBe(
      `${folder}: has no ${name} or ${name.replace('-idx', '.idx')}, with or without .gz`,
    )
  })

  test('gzip files that are cut off, changed or continued', async () => {
    const whole = gzipSync(smallFiles()[trainImages] ?? new Uint8Array())
    const flipped = Uint8Array.from(whole, (byte, place) => (place === 14 ? byte ^ 0xff : byte))
    const checksum = Uint8Array.from(whole, (byte, place) =>
      place === whole.length - 5 ? byte ^ 1 : byte,
    )
    const prefix = `${join(folder, trainImages)}: corrupt gzip file: `
    for (const bytes of [whole.subarray(0, 20), flipped, checksum, whole.subarray(0, 2)]) {
      expect(await refusal({ [trainImages]: bytes })).toContain(prefix)
    }
    const continued = await refusal({ [trainImages]: Uint8Array.from([...whole, 1, 2, 3]) })
    expect(continued).toContain(prefix)
    const padded = await refusal({ [trainImages]: Uint8Array.from([...whole, 0, 0, 0]) })
    expect(padded).toBe(`${prefix}3 bytes left over`)
  })

  test('a damaged file, by its path', async () => {
    const files = smallFiles()
    for (const [name, bytes] of Object.entries(files)) {
      const message = await refusal({ ...files, [name]: bytes.subarray(0, -1) })
      expect(message).toContain(`${join(folder, name)}: truncated`)
    }
  })

  test('images and labels that were swapped', async () => {
    expect(await refusal({ [trainImages]: idxBytes([3], [7, 0, 9]) })).toBe(
      `${join(folder, trainImages)}: wrong magic number 0x00000801, wanted 0x00000803: ` +
        'rank 1 instead of 3',
    )
  })

  test('more images than labels', async () => {
    expect(await refusal({ [trainLabels]: idxBytes([2], [7, 0]) })).toBe(
      `${join(folder, trainLabels)}: 2 labels for the 3 images of ${join(folder, trainImages)}`,
    )
  })

  test('a label above 9', async () => {
    expect(await refusal({ [trainLabels]: idxBytes([3], [7, 10, 9]) })).toBe(
      `${join(folder, trainLabels)}: label 1 is 10, wanted 0 to 9`,
    )
  })

  test.each([
    ['height', [2, 3, 2], '3 x 2'],
    ['width', [2, 2, 3], '2 x 3'],
  ] as const)('test images of another %s', async (_, shape, size) => {
    const images = idxBytes(shape, new Array<number>(12).fill(1))
    expect(await refusal({ [testImages]: images })).toBe(
      `${folder}: training images of 2 x 2 and test images of ${size} pixels do not match`,
    )
  })

  test('no images at all, or images without pixels', async () => {
    const noLabels = { [trainLabels]: idxBytes([0], []) }
    expect(await refusal({ [trainImages]: idxBytes([0, 2, 2], []), ...noLabels })).toBe(
      `${join(folder, trainImages)}: shape [0, 2, 2] holds no images`,
    )
    expect(await refusal({ [trainImages]: idxBytes([3, 0, 2], []) })).toMatch(/holds no images/)
  })
})

describe('the MNIST images of the package', () => {
  const mean = (values: Uint8Array) =>
    values.reduce((total, value) => total + value, 0) / values.length

  test('are the 60,000 and 10,000 that everybody uses', async () => {
    const { train, test: judged } = await loadMnist()
    expect(train).toMatchObject({ count: 60_000, height: 28, width: 28 })
    expect(judged).toMatchObject({ count: 10_000, height: 28, width: 28 })
    expect(train.images.length).toBe(60_000 * 784)
    expect([...train.labels.slice(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    expect([...judged.labels.slice(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    expect(mean(train.images)).toBeCloseTo(33.3184, 4)
    expect(mean(judged.images)).toBeCloseTo(33.7912, 4)
  })

  test('hold every digit as often as published', async () => {
    const { train, test: judged } = await loadMnist()
    const histogram = (labels: Uint8Array) =>
      Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length)
    expect(histogram(train.labels)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ])
    expect(histogram(judged.labels)).toEqual([
      980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ])
  })
})
