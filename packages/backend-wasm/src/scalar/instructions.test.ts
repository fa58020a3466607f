import { cpu } from '@tensorweft/backend-cpu'
import { createTypedArray, type DType, type Instruction, type TypedArray } from '@tensorweft/core'
import { Random, runPlan } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'
import { elementwisePlan } from './elementwise.testing.ts'

type ValueDType = 'float32' | 'int32' | 'uint8' | 'bool'

const { NaN: nan, POSITIVE_INFINITY: inf } = Number

const edges: Readonly<Record<ValueDType, readonly number[]>> = {
  float32: [0, -0, 1, -1, 0.5, -2.5, 3, 255, 256, -7, 1e-40, 3e9, -3e9, 2 ** 31, inf, -inf, nan],
  int32: [0, 1, -1, 2, -3, 7, 255, 256, -256, 2 ** 31 - 1, -(2 ** 31), 12345, -98765],
  uint8: [0, 1, 2, 3, 7, 16, 127, 128, 200, 254, 255],
  bool: [0, 1],
}

/** Edges against edges, then random numbers; an odd count, so that there is a tail. */
function operands(dtypes: readonly ValueDType[], seed: number): TypedArray[] {
  const random = new Random(seed)
  const first = edges[dtypes[0] ?? 'float32']
  const second = edges[dtypes[1] ?? dtypes[0] ?? 'float32']
  const size = first.length * second.length + 37
  return dtypes.map((dtype, position) => {
    const array = createTypedArray<DType>(dtype, size)
    for (let k = 0; k < size; k++) {
      const i = k % first.length
      const j = Math.floor(k / first.length)
      if (j < second.length)
        array[k] = (position === 0 ? first[i] : edges[dtype][j % edges[dtype].length]) ?? 0
      else if (dtype === 'bool') array[k] = random.integer(0, 1)
      else if (dtype === 'float32') array[k] = random.uniform() * 20 - 10
      else array[k] = random.integer(-(2 ** 31), 2 ** 31 - 1)
    }
    return array
  })
}

async function compare(
  instruction: Instruction,
  dtype: ValueDType,
  argDTypes: readonly ValueDType[],
  inputs = operands(argDTypes, 1),
) {
  const plan = elementwisePlan(instruction, dtype, argDTypes, inputs[0]?.length ?? 0)
  const [wanted] = await runPlan(cpu(), plan, inputs)
  const [got] = await runPlan(wasm(), plan, inputs)
  // Which zero a maximum of zeros is, is left open.
  expect(Array.from(got ?? [], (x: number) => x + 0)).toEqual(
    Array.from(wanted ?? [], (x: number) => x + 0),
  )
}

const binary: readonly (readonly [Instruction, readonly ValueDType[]])[] = [
  ['add', ['float32', 'int32', 'uint8']],
  ['sub', ['float32', 'int32', 'uint8']],
  ['mul', ['float32', 'int32', 'uint8']],
  ['div', ['float32']],
  ['idiv', ['int32', 'uint8']],
  ['mod', ['int32', 'uint8']],
  ['max', ['float32', 'int32', 'uint8', 'bool']],
  ['min', ['float32', 'int32', 'uint8', 'bool']],
  ['and', ['int32', 'bool']],
  ['or', ['int32', 'bool']],
  ['xor', ['int32', 'bool']],
]

describe('instructions agree with the cpu backend', () => {
  for (const [instruction, dtypes] of binary) {
    for (const dtype of dtypes) {
      test(`${instruction} of ${dtype}`, () => compare(instruction, dtype, [dtype, dtype]))
    }
  }
  for (const dtype of ['float32', 'int32', 'uint8', 'bool'] as const) {
    test(`lt of ${dtype}`, () => compare('lt', 'bool', [dtype, dtype]))
    test(`eq of ${dtype}`, () => compare('eq', 'bool', [dtype, dtype]))
    test(`where of ${dtype}`, () => compare('where', dtype, ['bool', dtype, dtype]))
    for (const to of ['float32', 'int32', 'uint8', 'bool'] as const) {
      test(`cast of ${dtype} to ${to}`, () => compare('cast', to, [dtype]))
    }
  }
  for (const instruction of ['sqrt', 'floor', 'trunc'] as const) {
    test(instruction, () => compare(instruction, 'float32', ['float32']))
  }
  test('bitcast', async () => {
    await compare('bitcast', 'int32', ['float32'])
    await compare('bitcast', 'float32', ['int32'])
  })
  for (const instruction of ['shl', 'shr'] as const) {
    test(instruction, () => {
      const [values = new Int32Array()] = operands(['int32'], 2)
      const counts = Int32Array.from(values, (_, k) => k % 32)
      return compare(instruction, 'int32', ['int32', 'int32'], [values, counts])
    })
  }
  test('mod of float32 has the sign of the divisor', async () => {
    const dividends = Float32Array.of(5.5, -5.5, 5.5, -5.5, 0, 6, -6, 1e6, 7, nan, inf, 5)
    const divisors = Float32Array.of(3, 3, -3, -3, 3, 3, 3, 0.3, 0, 1, 2, nan)
    await compare('mod', 'float32', ['float32', 'float32'], [dividends, divisors])
  })
})
