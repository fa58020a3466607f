import { cpu } from '@tensorweft/backend-cpu'
import {
  argSort,
  type Combiner,
  type DType,
  float16Value,
  type Program,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { affine, load, PlanBuilder, Random } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import {
  addScan,
  addSorts,
  type Extent,
  someValues,
  strideOf,
  wrongOutputs,
} from '../testing/walk-plans.testing.ts'

describeOnDevice('rows that many workgroups sort', (backend) => {
  const sorts = (...all: readonly (readonly [DType, Extent, (random: Random) => number])[]) => {
    const builder = new PlanBuilder()
    const random = new Random(1)
    for (const [dtype, extent, value] of all) {
      const values = Array.from({ length: extent[0] * extent[1] }, () => value(random))
      addSorts(builder, dtype, extent, values)
    }
    return wrongOutputs(backend(), builder)
  }
  const some = (dtype: DType) => (random: Random) => someValues(dtype, 1, random)[0] ?? 0

  test('of lengths around those of blocks and of runs', async () => {
    const extents = [2047, 2048, 2049, 4096, 4097, 8193].map((length) => [2, length] as const)
    const wrong = await sorts(
      ...extents.map(([rows, length]) => {
        return ['float32', [rows, length, length % 4 === 1], some('float32')] as const
      }),
    )
    expect(wrong).toEqual([])
  })

  test('in several passes', async () => {
    const wrong = await sorts(
      ['float32', [1, 100_003, false], (random) => random.uniform() - 0.5],
      ['float32', [2, 10_007, true], some('float32')],
      ['int32', [3, 5003, false], some('int32')],
    )
    expect(wrong).toEqual([])
  })

  test('in which most are equal, in the order in which they come', async () => {
    const wrong = await sorts(
      ['float32', [1, 10_007, false], () => 1],
      ['float32', [2, 9000, false], (random) => random.integer(0, 1)],
      ['uint8', [3, 5000, true], (random) => 254 + random.integer(0, 1)],
      ['uint8', [1, 6007, false], some('uint8')],
      ['bool', [2, 5000, false], some('bool')],
    )
    expect(wrong).toEqual([])
  })

  test('with NaN, both zeros, infinities and the ends of int32', async () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
    const floats = [0, -0, 1, -1, 3e38, -3e38, infinity, -infinity, nan, nan] as const
    const integers = [-(2 ** 31), 1 - 2 ** 31, -1, 0, 1, 2 ** 31 - 2, 2 ** 31 - 1] as const
    const wrong = await sorts(
      ['float32', [2, 6007, false], (random) => random.pick(floats)],
      ['float32', [1, 4099, false], () => nan],
      ['int32', [2, 6007, false], (random) => random.pick(integers)],
    )
    expect(wrong).toEqual([])
  })

  test('of float16', async () => {
    const random = new Random(3)
    const x = tensor(Array.from({ length: 4099 }, () => float16Value(random.integer(0, 0xffff))))
    const order = await withBackend(cpu(), () => argSort(x).data())
    expect(await withBackend(backend(), () => argSort(x.cast('float16')).data())).toEqual(order)
  })

  test('that are in order, and in reverse', async () => {
    const builder = new PlanBuilder()
    const up = Array.from({ length: 9001 }, (_, i) => i - 4000)
    for (const values of [up, up.toReversed()]) {
      addSorts(builder, 'int32', [1, values.length, false], values)
    }
    expect(await wrongOutputs(backend(), builder)).toEqual([])
  })
})

describeOnDevice('rows whose totals many workgroups share', (backend) => {
  const integers = (size: number, most = 4) => {
    const random = new Random(2)
    return Array.from({ length: size }, () => random.integer(1, most))
  }

  test('fall into chunks whatever their length is', async () => {
    const builder = new PlanBuilder()
    const scans: readonly (readonly [Combiner, DType, Extent])[] = [
      ['sum', 'int32', [1, 16_384, false]],
      ['sum', 'int32', [1, 16_385, false]],
      ['sum', 'float32', [1, 100_003, false]],
      ['max', 'float32', [3, 16_411, false]],
      ['sum', 'float32', [5, 16_411, true]],
      ['prod', 'int32', [2, 30_011, false]],
      ['min', 'uint8', [3, 18_000, true]],
      ['sum', 'uint8', [1, 20_011, false]],
      ['sum', 'bool', [1, 16_411, false]],
    ]
    for (const [combiner, dtype, extent] of scans) {
      const [rows, length] = extent
      const most = dtype === 'bool' ? 1 : combiner === 'prod' ? 2 : 4
      const values = integers(rows * length, most)
      addScan(builder, combiner, dtype, [rows, length], affine(strideOf(extent)), values)
    }
    const columns = affine(strideOf([2, 16_387, true]))
    const values = someValues('float32', 2 * 16_387, new Random(3))
    addScan(builder, 'min', 'float32', [2, 16_387], columns, values)
    expect(await wrongOutputs(backend(), builder)).toEqual([])
  })

  test('are walked backwards, over several axes and by programs', async () => {
    const builder = new PlanBuilder()
    const backwards = affine([20_011, -1], 20_010)
    addScan(builder, 'sum', 'int32', [2, 20_011], backwards, integers(2 * 20_011))
    // Points of [41, 499] that lie in memory as [499, 41].
    const turned = affine([41 * 499, 0, 1, 41])
    addScan(builder, 'sum', 'float32', [2, 1, 41, 499], turned, integers(2 * 41 * 499))
    const [forwards, before] = [affine([0, 1]), affine([0, 1], -1)]
    const digits = [{ of: forwards, divisor: 3, modulus: 70, coefficient: 2 }]
    const behind: Program = [
      load('int32', 0, before, [{ index: before, low: 0, high: 16_410 }]),
      load('int32', 0, affine([0, 0], 0, digits)),
      { op: 'index', dtype: 'int32', index: forwards },
      { op: 'apply', dtype: 'int32', instruction: 'add', args: [0, 1] },
      { op: 'apply', dtype: 'int32', instruction: 'mul', args: [2, 3] },
    ]
    addScan(builder, 'sum', 'int32', [1, 16_411], forwards, integers(16_411), behind)
    expect(await wrongOutputs(backend(), builder)).toEqual([])
  })
})
