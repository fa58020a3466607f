import { conv1d, convTranspose1d, type Tensor, tensor } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { evaluateReference } from './evaluate.ts'

const { POSITIVE_INFINITY: infinite } = Number

/** Of signals of one channel. */
const signal = (...values: number[]) => tensor(values, { shape: [1, values.length, 1] })
/** Filters for `channels` results of one channel, row by row. */
const filters = (channels: number, ...values: number[]) =>
  tensor(values, { shape: [values.length / channels, 1, channels] })

async function isKnown(x: Tensor): Promise<boolean[]> {
  const [result] = await evaluateReference([x])
  return [...(result?.radii ?? [])].map((radius) => radius !== infinite)
}

describe('convolutions', () => {
  test('do not know what an infinite filter makes of the padding', async () => {
    const x = signal(1, 2, 3)
    const two = filters(2, 1, infinite, 1, 1)
    // The last place sees the padding, in both channels, of which the second has the infinity.
    expect(await isKnown(conv1d(x, two, { padding: 'same' }))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ])
    expect(await isKnown(conv1d(x, two, { padding: 'valid' }))).not.toContain(false)
  })

  test('know what an infinite pixel makes of filters', async () => {
    const x = signal(1, infinite, 3, 4)
    expect(await isKnown(conv1d(x, filters(1, 1, 2), { padding: 'same' }))).not.toContain(false)
  })

  test('do not know what lies between infinite pixels that a stride sets apart', async () => {
    const spread = convTranspose1d(signal(1, infinite), filters(1, 2), { strides: 2 })
    expect(await isKnown(spread)).toEqual([true, false, true])
  })
})
