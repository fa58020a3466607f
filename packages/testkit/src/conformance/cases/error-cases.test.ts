import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  DisposedError,
  type DType,
  defineOp,
  relu,
  sameShape,
  type Tensor,
} from '@tensorweft/core'
import { expect, test } from 'vitest'
import { InterpreterBackend } from '../interpreter-backend.testing.ts'
import { checkErrors } from './error-cases.ts'
import { type CallSample, sample, sampleCall } from './samples/call-sample.ts'
import { of } from './samples/inputs.ts'

const reluThat = (call: (x: Tensor<DType>) => Tensor<DType>): CallSample =>
  sampleCall('relu', [of(3, 5)], call)

test('odd calls are taken or refused with a typed error', async () => {
  await checkErrors([sample('relu', [of(3, 5)])], cpu())
  await checkErrors([sample('matmul', [of(3, 4), of(4, 5)])], cpu())
})

test('an error without a type is found', async () => {
  const untyped = reluThat((x) => {
    if (x.rank !== 2) throw new TypeError('x is not iterable')
    return relu(x)
  })
  await expect(checkErrors([untyped], cpu())).rejects.toThrow('x is not iterable')
})

test('an error that names no function of core is found', async () => {
  const nameless = reluThat((x) => {
    if (x.dtype !== 'float32') throw new ArgumentError('helper', { got: x.dtype })
    return relu(x)
  })
  await expect(checkErrors([nameless], cpu())).rejects.toThrow('threw ArgumentError: helper')
})

test('a call that is taken and cannot be read is found', async () => {
  const addOp = defineOp<'a' | 'b'>({
    name: 'add',
    infer: ({ a }) => a,
    lower: ({ a, b }, { at, scalar }) => scalar.add(a.at(...at), b.at(...at)),
  })
  const late = reluThat((x) => (x.dtype === 'bool' ? addOp.apply({ a: x, b: x }, {}) : relu(x)))
  await expect(checkErrors([late], cpu())).rejects.toThrow('bool [3, 5]: the read threw')
})

test('a call that is taken and gives something else than the reference is found', async () => {
  const backend = new InterpreterBackend({ instruction: () => 1 })
  const wrong = checkErrors([sample('relu', [of(3, 5)])], backend)
  await expect(wrong).rejects.toThrow('float64 [3, 5]: 15 of 15 elements differ')
})

test('an op that hides that a tensor is gone is found', async () => {
  const hides = reluThat((x) => {
    try {
      return relu(x)
    } catch (error) {
      if (error instanceof DisposedError) throw new ArgumentError('relu', { got: 'something' })
      throw error
    }
  })
  await expect(checkErrors([hides], cpu())).rejects.toThrow('argument 0 disposed')
})

test('a sample that is wrong afterwards is found', async () => {
  const backend = new InterpreterBackend({ instruction: () => 1 })
  const strict = reluThat((x) => {
    if (x.dtype === 'float32' && sameShape(x.shape, [3, 5])) return relu(x)
    throw new ArgumentError('relu', { got: x.dtype })
  })
  await expect(checkErrors([strict], backend)).rejects.toThrow('relu')
})
