import { expect, test } from 'vitest'
import { tiles } from '../kernels/contract/choose-tile.ts'
import { measureTiles, type TimeProducts } from './measure-tiles.ts'

/** A device that sums so many rows in a millisecond, with each next tile 10 % slower. */
function deviceOf(rowsPerMs: number, step = 0) {
  const calls: [tile: number, rows: number, times: number][] = []
  const time: TimeProducts = async (tile, rows, times) => {
    const k = tiles.findIndex(({ rows, columns }) => rows === tile.rows && columns === tile.columns)
    calls.push([k, rows, times])
    const elapsed = (rows * times * (1 + k / 10)) / rowsPerMs
    return step === 0 ? elapsed : Math.round(elapsed / step) * step
  }
  return { calls, time }
}

const limits = { least: 1, most: 16 }
const wanted = tiles.map((_, k) => 1 + k / 10)

test('times a product that is large enough for the clock with every tile', async () => {
  const { calls, time } = deviceOf(1000)
  const elapsed = await measureTiles(time, limits)
  expect(elapsed?.map((ms) => ms / (elapsed[0] ?? 0))).toEqual(
    wanted.map((ms) => expect.closeTo(ms)),
  )
  const growing = calls.filter(([tile]) => tile === 0).map(([, rows]) => rows)
  expect(growing).toEqual([128, 128, 256, 512, 1024, 1024, 1024])
  expect(calls.slice(5).map(([tile]) => tile)).toEqual([...tiles.keys(), ...tiles.keys()])
})

test('repeats it on a fast device, whose clock is coarse', async () => {
  const { calls, time } = deviceOf(200_000, 0.1)
  const elapsed = await measureTiles(time, limits)
  expect(calls.at(-1)?.slice(1)).toEqual([8192, 32])
  expect(elapsed?.map((ms) => ms / 1.3)).toEqual(wanted.map((ms) => expect.closeTo(ms, 1)))
})

test('takes the least of two, for others may have run beside', async () => {
  const { time } = deviceOf(1000)
  let calls = 0
  const disturbed: TimeProducts = async (...args) =>
    (await time(...args)) * (++calls > 5 && calls <= 5 + tiles.length ? calls : 1)
  const [calm, noisy] = [await measureTiles(time, limits), await measureTiles(disturbed, limits)]
  expect(noisy).toEqual(calm)
})

test('ends at once where the least product takes too long', async () => {
  const { calls, time } = deviceOf(5)
  expect(await measureTiles(time, limits)).toBeUndefined()
  expect(calls.length).toBe(2)
})

test('ends where the clock stands still', async () => {
  const { calls, time } = deviceOf(Number.POSITIVE_INFINITY)
  expect(await measureTiles(time, limits)).toBeUndefined()
  expect(calls.length).toBeLessThan(50)
})
