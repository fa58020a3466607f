import type { DType, TypedArray } from '@tensorweft/core'
import { affine, load, mapKernel, operandsOf, planOf, runPlan } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { wasm } from '../index.ts'
import { withSortKey } from './sort-keys.ts'

/** The keys of some values. */
async function keysOf(dtype: DType, values: TypedArray, isDescending: boolean): Promise<number[]> {
  const program = withSortKey([load(dtype, 0, affine([1]))], 0, isDescending)
  const [input, output] = [
    { dtype, size: values.length },
    { dtype: 'int32' as const, size: values.length },
  ]
  const kernel = mapKernel('keys', [values.length], operandsOf(input, output), program)
  const [keys = []] = await runPlan(
    wasm(),
    planOf({ kernels: [kernel], inputs: [input], outputs: [output] }),
    [values],
  )
  return Array.from(keys)
}

/** Values from the least to the greatest. */
const ordered: Readonly<Record<string, TypedArray>> = {
  float32: Float32Array.of(
    Number.NEGATIVE_INFINITY,
    -3e38,
    -1,
    -0.5,
    -(2 ** -126),
    -1e-45,
    0,
    1e-45,
    2 ** -126,
    0.5,
    1,
    3e38,
    Number.POSITIVE_INFINITY,
  ),
  int32: Int32Array.of(-(2 ** 31), -7, -1, 0, 1, 2 ** 31 - 1),
  uint8: Uint8Array.of(0, 1, 127, 128, 255),
  bool: Uint8Array.of(0, 1),
}

test.each(Object.entries(ordered))('keys of %s order as its values do', async (name, values) => {
  const dtype = name as DType
  for (const isDescending of [false, true]) {
    const keys = await keysOf(dtype, values, isDescending)
    const sign = isDescending ? -1 : 1
    for (let k = 1; k < keys.length; k++) {
      expect(sign * ((keys[k] ?? 0) - (keys[k - 1] ?? 0)), `${keys}`).toBeGreaterThan(0)
    }
  }
})

test('both zeros have one key, and every NaN the greatest', async () => {
  const bits = Int32Array.of(0, -(2 ** 31), 0x7fc00000, 0x7f800001, -0x400000, -1, 0x7f800000)
  for (const isDescending of [false, true]) {
    const values = new Float32Array(bits.buffer)
    const [zero, negativeZero, ...rest] = await keysOf('float32', values, isDescending)
    expect(zero).toBe(negativeZero)
    const infinity = rest.pop()
    expect(rest).toEqual(rest.map(() => 2 ** 31 - 1))
    expect(infinity).toBeLessThan(2 ** 31 - 1)
  }
})
