import { cpu } from '@tensorweft/backend-cpu'
import {
  type AnyTensor,
  abs,
  add,
  defineOp,
  exp,
  log,
  maximum,
  mul,
  type Tensor,
  tanh,
  tensor,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { recordBackend } from '../recording/record-backend.ts'
import { checkOp, type OpCheck } from './check-op.ts'

/** x³ with first and second gradients that are right up to factors. */
function cube(factor: number | ((x: Tensor) => Tensor), secondFactor = 1): OpCheck {
  const slope = slopeOfCube(secondFactor)
  const op = defineOp<'x'>({
    name: 'cube',
    infer: ({ x }) => x,
    lower: ({ x }, { at, scalar }) => {
      const value = x.at(...at)
      return scalar.mul(scalar.mul(value, value), value)
    },
    vjp: (dy, { x }) => {
      const off = typeof factor === 'number' ? factor : factor(x)
      return { x: mul(dy, mul(slope.apply({ x }, {}), off)) }
    },
  })
  return {
    name: 'cube',
    apply: (xs) => op.apply({ x: first(xs) }, {}),
    inputs: [{ shape: [5] }],
    reference: ([x = []]) => Array.from(x, (value) => value ** 3),
  }
}

/** 3 x² with a gradient that is right up to a factor. */
const slopeOfCube = (factor: number) =>
  defineOp<'x'>({
    name: 'slopeOfCube',
    infer: ({ x }) => x,
    lower: ({ x }, { at, scalar }) => {
      const value = x.at(...at)
      return scalar.mul(scalar.mul(value, value), 3)
    },
    vjp: (dy, { x }) => ({ x: mul(dy, mul(x, 6 * factor)) }),
  })

function first([x]: readonly AnyTensor[]): AnyTensor {
  if (x === undefined) throw new Error('no input')
  return x
}

function floats32Only() {
  const backend = recordBackend(cpu())
  const { capabilities } = backend
  return Object.defineProperty(backend, 'capabilities', {
    value: { ...capabilities, dtypes: ['float32', 'int32', 'uint8', 'bool'] },
  })
}

const backends = [
  ['in double precision', cpu()],
  ['in single precision', floats32Only()],
] as const

describe.each(backends)('checkOp %s', (_, backend) => {
  test('accepts an op that is right', async () => {
    await checkOp(cube(1), backend)
  })

  test('rejects a gradient that is off by 1 %', async () => {
    await expect(checkOp(cube(1.01), backend)).rejects.toThrow(': gradient by argument 0')
  })

  test('rejects a second gradient that is off by 1 %', async () => {
    await expect(checkOp(cube(1, 1.01), backend)).rejects.toThrow('second gradient by argument 0')
  })

  test.each([0, 1, 2, 3, 4])('rejects a gradient that is wrong at [%i] alone', async (at) => {
    const factor = (x: Tensor) => {
      const factors = Array.from({ length: x.size }, (_, i) => (i === at ? 1.01 : 1))
      return tensor(factors, { shape: x.shape, dtype: x.dtype })
    }
    const inputs = [{ shape: [5], range: [1, 2] as const }]
    await expect(checkOp({ ...cube(factor), inputs }, backend)).rejects.toThrow(
      `gradient by argument 0 at [${at}]`,
    )
  })

  test('rejects an op that is not what its reference says', async () => {
    const reference: OpCheck['reference'] = ([x = []]) => Array.from(x, (value) => value ** 2)
    await expect(checkOp({ ...cube(1), reference }, backend)).rejects.toThrow('values')
  })

  test('rejects a softplus that overflows, and accepts one that does not', async () => {
    const inputs = [{ shape: [9], range: [-1000, 1000] as const }]
    const naive: OpCheck = {
      name: 'softplus',
      apply: (xs) => log(add(exp(first(xs)), 1)),
      inputs,
      hasGradient: false,
    }
    await expect(checkOp(naive, backend)).rejects.toThrow('Infinity for finite inputs')
    const safe = (x: AnyTensor) => add(maximum(x, 0), log(add(exp(mul(abs(x), -1)), 1)))
    await checkOp({ ...naive, apply: (xs) => safe(first(xs)) }, backend)
  })

  test('rejects a sample on which the op is saturated', async () => {
    const saturated: OpCheck = {
      name: 'tanh',
      apply: (xs) => tanh(first(xs)),
      inputs: [{ shape: [4], range: [50, 60] }],
    }
    await expect(checkOp(saturated, backend)).rejects.toThrow('saturated')
  })

  test('rejects a sample at which every slope is 0, whatever the gradient says', async () => {
    const atZero: OpCheck = { ...cube(1.01), inputs: [{ shape: [5], range: [0, 0] }] }
    await expect(checkOp(atZero, backend)).rejects.toThrow('every slope is 0')
  })
})
