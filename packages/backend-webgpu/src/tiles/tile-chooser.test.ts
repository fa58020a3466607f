import { describe, expect, test, vi } from 'vitest'
import { chooseTile, tiles } from '../kernels/contract/choose-tile.ts'
import { TileChooser, type TileSource } from './tile-chooser.ts'
import { ratedBy, ratesOf, type TileRates } from './tile-rates.ts'

const large = { batch: 1, m: 4096, n: 4096, k: 4096 }
const last = tiles.length - 1

/** Times of a device on which the last tile is ten times as fast as all others. */
const elapsedMs = tiles.map((_, k) => (k === last ? 1 : 10))

let adapters = 0

function chooserOf(source: Partial<TileSource> = {}) {
  const measure = vi.fn(async () => elapsedMs)
  const told: TileRates[] = []
  const onRates = (rates: TileRates) => told.push(rates)
  const adapter = `adapter ${adapters++}`
  const given = undefined
  const chooser = new TileChooser({ adapter, given, measure, onRates, ...source })
  return { chooser, measure, told, adapter }
}

describe('a chooser of tiles', () => {
  test('chooses by estimates until rates are measured, once', async () => {
    const { chooser, measure, told, adapter } = chooserOf()
    expect(chooser.choose(large)).toMatchObject(chooseTile(large))
    await Promise.all([chooser.measure(), chooser.measure()])
    expect(chooser.choose(large)).toMatchObject({ rows: 128, columns: 8 })
    await chooser.measure()
    expect(measure).toHaveBeenCalledTimes(1)
    expect(told).toEqual([ratesOf(adapter, elapsedMs)])
  })

  test('takes rates that another of the same adapter has measured', async () => {
    const { chooser, adapter } = chooserOf()
    await chooser.measure()
    const second = chooserOf({ adapter })
    expect(second.chooser.choose(large)).toMatchObject({ rows: 128, columns: 8 })
    await second.chooser.measure()
    expect(second.measure).not.toHaveBeenCalled()
    expect(second.told).toEqual([])
  })

  test('takes rates that are given, if they are of this adapter and of all tiles', async () => {
    const kept: TileRates = JSON.parse(JSON.stringify(ratesOf('kept', elapsedMs)))
    const same = chooserOf({ adapter: 'kept', given: kept })
    expect(same.chooser.choose(large)).toMatchObject({ rows: 128, columns: 8 })
    await same.chooser.measure()
    expect(same.measure).not.toHaveBeenCalled()
    const { '128x8': _, ...fewer } = kept.rates
    for (const rates of [fewer, { ...kept.rates, '128x8': -1 }, { ...kept.rates, '128x8': 9 }]) {
      const other = chooserOf()
      const source = { adapter: other.adapter, given: { adapter: other.adapter, rates } }
      const { chooser, measure } = chooserOf(source)
      expect(chooser.choose(large)).toMatchObject(chooseTile(large))
      await chooser.measure()
      expect(measure).toHaveBeenCalledTimes(1)
    }
    const elsewhere = chooserOf({ given: kept })
    expect(elsewhere.chooser.choose(large)).toMatchObject(chooseTile(large))
  })

  test.each([
    ['fails', async () => Promise.reject(new Error('lost'))],
    ['says nothing', async () => undefined],
    ['is not wanted', undefined],
  ])('keeps the estimates where measuring %s', async (_, measure) => {
    const { chooser, told } = chooserOf({ measure })
    await chooser.measure()
    expect(chooser.choose(large)).toMatchObject(chooseTile(large))
    expect(told).toEqual([])
  })
})

test('rates are relative to the fastest tile', () => {
  const { rates } = ratesOf('any', elapsedMs)
  expect(rates).toMatchObject({ '128x128': 0.1, '128x8': 1 })
  expect(ratedBy({ adapter: 'any', rates }, 'any')?.map(({ rate }) => rate)).toEqual(
    Object.values(rates),
  )
})
