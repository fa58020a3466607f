import { OutOfMemoryError, type Plan } from '@tensorweft/core'
import { planTraffic } from '@tensorweft/testkit'
import { affine, PlanBuilder } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { splitWalks } from './split-walks.ts'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'
import { addScan, addSorts } from './testing/walk-plans.testing.ts'

function sortsOf(rows: number, length: number): Plan {
  const builder = new PlanBuilder()
  addSorts(builder, 'float32', [rows, length, false], new Array(rows * length).fill(0))
  const { plan } = builder.build()
  return { ...plan, kernels: plan.kernels.slice(0, 1) }
}

function scanOf(rows: number, length: number, dtype: 'float32' | 'bool' = 'float32'): Plan {
  const builder = new PlanBuilder()
  const at = affine([length, 1])
  addScan(builder, 'sum', dtype, [rows, length], at, new Array(rows * length).fill(0))
  return builder.build().plan
}

/** Bytes that the plan moves for each of so many points. */
function bytesPerPoint(plan: Plan, points: number): number {
  const { bytesRead, bytesWritten } = planTraffic(plan)
  return (bytesRead + bytesWritten) / points
}

describe('long rows are sorted in passes', () => {
  test.each([
    [1, 2049, 2, 8],
    [3, 4096, 2, 8],
    [3, 4097, 3, 16],
    [1, 100_003, 7, 16],
    [1, 1_000_000, 10, 16],
    [50, 20_000, 5, 16],
  ])('%d of %d points in %d', (rows, length, passes, scratchBytes) => {
    const { kernels, arenaByteLength } = splitWalks(sortsOf(rows, length))
    expect(kernels).toHaveLength(passes)
    const perPoint = arenaByteLength / (rows * length)
    expect(perPoint).toBeGreaterThanOrEqual(scratchBytes)
    expect(perPoint).toBeLessThan(scratchBytes * 1.04)
  })

  test('that read and write keys and positions', () => {
    // The first pass reads values, the last one stores positions alone.
    expect(bytesPerPoint(splitWalks(sortsOf(1, 1_000_000)), 1_000_000)).toBe(4 + 9 * 16 + 4)
  })

  test('whose scratch memory the device has to allow; short rows need none', async () => {
    const device = new NullDevice()
    const limits = { ...device.limits, maxStorageBufferBindingSize: 2 ** 20 }
    const backend = await createOnNullDevice(Object.assign(device, { limits }))
    const compiling = () => backend.compile(sortsOf(1, 70_000))
    expect(compiling).toThrow(OutOfMemoryError)
    expect(compiling).toThrow(/request for 1120\d{3} bytes in one buffer; wanted at most 1048576/)
    for (const [rows, length] of [
      [1, 60_000],
      [100, 2048],
    ] as const) {
      const executable = backend.compile(sortsOf(rows, length))
      await executable.ready
      executable.dispose()
    }
    await backend.dispose()
  })

  test('which take turns in scratch memory behind what the plan has', () => {
    const plan = { ...sortsOf(1, 10_007), arenaByteLength: 512 }
    const { kernels, slots } = splitWalks(plan)
    const scratch = [plan.slots.length, plan.slots.length + 1]
    const [first, second] = scratch
    expect(kernels.map(({ operands }) => operands.map(({ slot }) => slot))).toEqual([
      [0, 1, first],
      [first, second],
      [second, first],
      [first, 1],
    ])
    const places = scratch.map((slot) => slots[slot])
    expect(places).toMatchObject([{ byteOffset: 512 }, { byteOffset: 512 + 80_128 }])
  })
})

describe('long scans are cut', () => {
  test.each([
    [1, 16_384, 16],
    [1, 16_385, 17],
    [3, 100_003, 98],
    [256, 20_011, 20],
    [1, 1_000_000, 977],
  ])('%d of %d points into %d chunks', (rows, length, chunks) => {
    const { kernels } = splitWalks(scanOf(rows, length))
    expect(kernels.map(({ kind }) => kind)).toEqual(['scan', 'scan', 'map'])
    expect(kernels[0]?.axes[1]).toBe(chunks)
    expect(kernels[1]?.axes).toEqual([rows, chunks - 1])
  })

  test('and pass over memory twice', () => {
    const plan = splitWalks(scanOf(1, 1_000_000))
    // Totals are read from one point of each chunk.
    const passes = plan.kernels.filter(({ label }) => !label.includes('totals'))
    expect(passes).toHaveLength(2)
    expect(bytesPerPoint({ ...plan, kernels: passes }, 1_000_000)).toBeCloseTo(16, 1)
  })
})

test('short rows stay whole, and so do many rows of totals', () => {
  const plans = [
    sortsOf(1000, 2048),
    sortsOf(0, 5000),
    sortsOf(5, 0),
    scanOf(1, 10_000),
    scanOf(300, 16_384),
    scanOf(0, 20_000),
    scanOf(1, 20_000, 'bool'),
  ]
  for (const plan of plans) expect(splitWalks(plan)).toEqual(plan)
})
