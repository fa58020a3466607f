import type { Backend, TypedArray } from '@tensorweft/core'
import { runPlan } from '@tensorweft/testkit/plans'
import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../adapter.ts'
import { type TileOptions, WebGpuBackend } from '../backend.ts'
import { chooseTile, tiles } from '../kernels/contract/choose-tile.ts'
import { deferred, productOf, ratesFor, shape, tileIn } from './product.testing.ts'
import { nameOf, ratedBy, type TileRates } from './tile-rates.ts'

useSwiftShader('rates of tiles')

async function backendWith(options: TileOptions) {
  const connection = await connect({})
  return { backend: new WebGpuBackend(connection, undefined, options), ...connection }
}

describe.skipIf(chromium === undefined)('rates of tiles on SwiftShader', () => {
  const { plan, inputs, scalars } = productOf()

  const tileOf = (backend: Backend) => {
    const executable = backend.compile(plan)
    const tile = tileIn(executable.source?.())
    executable.dispose()
    return tile
  }

  test('are given: they choose, and nothing is measured', async () => {
    const results: TypedArray[][] = []
    for (const best of ['64x16', '128x64']) {
      const { adapter } = await connect({})
      const given = { adapter, rates: ratesFor(best) }
      const onTileRates = () => expect.unreachable('no measurement')
      const { backend } = await backendWith({
        tileRates: given,
        onTileRates,
        mostMs: Number.POSITIVE_INFINITY,
      })
      results.push(await runPlan(backend, plan, inputs, scalars))
      expect(tileOf(backend)).toBe(best)
      await backend.finish()
      await backend.dispose()
    }
    expect(results[0]).toEqual(results[1])
  })

  test('are not measured in software', async () => {
    const onTileRates = () => expect.unreachable('no measurement')
    const { backend, features } = await backendWith({ onTileRates })
    expect(features.isSoftware).toBe(true)
    await runPlan(backend, plan, inputs, scalars)
    expect(tileOf(backend)).toBe(nameOf(chooseTile(shape)))
    await backend.dispose()
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  test.each(['disposed of', 'lost'])('are not measured on what was %s meanwhile', async (what) => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    useSwiftShader('tiles')
    const connection = await connect({})
    const { device } = connection
    const onTileRates = () => expect.unreachable('no measurement')
    const foreign = { ...connection, adapter: `one that was ${what}`, isOwned: false }
    const options = { onTileRates, mostMs: Number.POSITIVE_INFINITY }
    const backend = new WebGpuBackend(foreign, undefined, options)
    await runPlan(backend, plan, inputs, scalars)
    expect(vi.getTimerCount()).toBe(1)
    if (what === 'lost') {
      device.destroy()
      await device.lost
    } else {
      await backend.dispose()
    }
    const buffers = vi.spyOn(device, 'createBuffer')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(buffers).not.toHaveBeenCalled()
    await backend.dispose()
    device.destroy()
  })

  test('are measured after the first large contraction, kept and used', async () => {
    const { promise, resolve } = deferred<TileRates>()
    const { backend, adapter } = await backendWith({
      onTileRates: resolve,
      mostMs: Number.POSITIVE_INFINITY,
    })
    const before = await runPlan(backend, plan, inputs, scalars)
    const rates = await promise
    expect(rates.adapter).toBe(adapter)
    expect(Object.values(rates.rates)).toHaveLength(tiles.length)
    expect(Math.max(...Object.values(rates.rates))).toBe(1)
    expect(tileOf(backend)).toBe(nameOf(chooseTile(shape, ratedBy(rates, adapter))))
    expect(await runPlan(backend, plan, inputs, scalars)).toEqual(before)
    await backend.dispose()

    const onTileRates = () => expect.unreachable('a second measurement')
    const second = await backendWith({ onTileRates, mostMs: Number.POSITIVE_INFINITY })
    expect(await runPlan(second.backend, plan, inputs, scalars)).toEqual(before)
    expect(tileOf(second.backend)).toBe(nameOf(chooseTile(shape, ratedBy(rates, adapter))))
    await second.backend.dispose()
  })
})
