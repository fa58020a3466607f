import { float16Bits, float16Value, type Plan, type Step } from '@tensorweft/core'
import { mapKernel, operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, apply, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { kernelCase } from './kernel-case.ts'

// float16 lies in memory as 16 bits and is computed with as float32: kernels load it, store it and
// cast it, nothing else.

const everyBits = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)

/** Every float16, the numbers halfway to the next one and just beside, and what is out of range. */
function numbers(): Float32Array {
  const values: number[] = [65_519, 65_520, 1e30, 2 ** -25, 2 ** -26, 1e-30, 0, Number.NaN]
  values.push(Number.POSITIVE_INFINITY)
  for (let bits = 0; bits < 0x7bff; bits += 13) {
    const [low, high] = [float16Value(bits), float16Value(bits + 1)]
    const middle = (low + high) / 2
    values.push(
      low,
      middle,
      Math.fround(middle * (1 + 2 ** -22)),
      Math.fround(middle * (1 - 2 ** -22)),
    )
  }
  return Float32Array.from([...values, ...values.map((value) => -value)])
}

function mapPlan(from: 'float16' | 'float32', to: 'float16' | 'float32', size: number): Plan {
  return elementPlan(from, to, [size], [1])
}

/** `out[i, …] = cast(in[strides · (i, …)])`, row-major. */
function elementPlan(
  from: 'float16' | 'float32',
  to: 'float16' | 'float32',
  axes: readonly number[],
  strides: readonly number[],
): Plan {
  const size = axes.reduce((product, extent) => product * extent, 1)
  const inputs = [{ dtype: from, size }]
  const outputs = [{ dtype: to, size }]
  const loads: Step[] = [load(from, 0, affine(strides))]
  const program = from === to ? loads : [...loads, apply(to, 'cast', 0)]
  const kernel = mapKernel(`${from} to ${to}`, axes, operandsOf(...inputs, ...outputs), program)
  return planOf({ inputs, outputs, kernels: [kernel] })
}

const bitsOf = (size: number) =>
  Uint16Array.from({ length: size }, (_, i) => float16Bits(Math.sin(i + 1) * 3))

export const float16Cases: readonly CaseDefinition[] = [
  kernelCase('float16: every value is read', () => [
    { plan: mapPlan('float16', 'float32', 2 ** 16), inputs: [everyBits] },
  ]),
  kernelCase('float16: numbers are rounded to the nearest, halfway to the even one', () => {
    const values = numbers()
    return [{ plan: mapPlan('float32', 'float16', values.length), inputs: [values] }]
  }),
  kernelCase('float16: arrays of any size, transposed', () => [
    ...[1, 2, 3, 5, 31, 64, 257, 4099].map((size) => ({
      plan: mapPlan('float16', 'float16', size),
      inputs: [bitsOf(size)],
    })),
    { plan: elementPlan('float16', 'float16', [33, 17], [1, 33]), inputs: [bitsOf(33 * 17)] },
    { plan: elementPlan('float32', 'float16', [33, 17], [1, 33]) },
  ]),
]
