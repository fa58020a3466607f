import { type BufferView, byteLengthOf } from '@tensorweft/core'
import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { describe, expect, test, vi } from 'vitest'
import { connect } from '../adapter.ts'
import { WebGpuBackend } from '../backend.ts'
import { chooseTile, tiles } from '../kernels/contract/choose-tile.ts'
import { measureTiles } from './measure-tiles.ts'
import { deferred, productOf, shape, tileIn } from './product.testing.ts'
import { nameOf } from './tile-rates.ts'

// What a device would show is not known before; here one tile is far better than all others.
vi.mock('./measure-tiles.ts', () => ({ measureTiles: vi.fn() }))

const best = '64x16'
const elapsedMs = tiles.map((tile) => (nameOf(tile) === best ? 1 : 1000))

describe.skipIf(chromium === undefined)('a plan that is compiled when rates become known', () => {
  test('gets other tiles without a stop, and gives the same to the bit', async () => {
    useSwiftShader('tiles')
    const measurement = deferred<readonly number[]>()
    const compiled = deferred<undefined>()
    vi.mocked(measureTiles).mockReturnValueOnce(measurement.promise)
    const connection = await connect({})
    const pipelines = vi.spyOn(connection.device, 'createComputePipelineAsync')
    const backend = new WebGpuBackend(connection, undefined, {
      mostMs: 1,
      onTileRates: () => compiled.resolve(undefined),
    })
    const { plan, inputs } = productOf()
    const viewOf = (byteLength: number): BufferView => {
      return { buffer: backend.allocate(byteLength), byteOffset: 0, byteLength }
    }
    const ins = inputs.map((values) => {
      const view = viewOf(values.byteLength)
      backend.write(view.buffer, new Uint8Array(values.buffer))
      return view
    })
    const outs = plan.outputs.map(({ dtype, size }) => viewOf(byteLengthOf(dtype, size)))
    const [out] = outs
    if (out === undefined) throw new Error('an output')
    const executable = backend.compile(plan)
    const other = backend.compile(plan)
    const run = async () => {
      executable.run(ins, outs, [])
      return backend.read(out.buffer)
    }
    const before = await run()
    expect(tileIn(executable.source?.())).toBe(nameOf(chooseTile(shape)))
    expect(pipelines).toHaveBeenCalledTimes(1)

    measurement.resolve(elapsedMs)
    await compiled.promise
    // Runs go on meanwhile.
    expect(await run()).toEqual(before)
    const isNew = () => expect(tileIn(executable.source?.())).toBe(best)
    await vi.waitFor(isNew, { timeout: 60_000 })
    expect(await run()).toEqual(before)
    // Both plans share the new pipeline.
    expect(pipelines).toHaveBeenCalledTimes(2)
    for (const one of [executable, other]) one.dispose()
    await backend.dispose()
  })
})
