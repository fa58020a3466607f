import {
  type Backend,
  type HandWrittenKernel,
  less,
  registerKernel,
  type TensorSpec,
  tensor,
  unregisterKernel,
  withBackend,
} from '@tensorweft/core'
import { afterEach, expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'

type Call = { a: TensorSpec; b: TensorSpec }

function kernel(body: string): HandWrittenKernel<Call> {
  return {
    emit: (_, { shape }) => ({
      language: 'wgsl',
      source: `fn kernel(group: u32, local: u32) { let i = group * 4u + local; ${body} }`,
      workgroups: Math.ceil((shape[0] ?? 0) / 4),
      workgroupSize: 4,
    }),
  }
}

function compared(backend: Backend) {
  const a = tensor([1, 5, 3, 4, 9, 9], { dtype: 'int32' })
  const b = tensor([2, 4, 3, 7, 10, 8], { dtype: 'int32' })
  return withBackend(backend, () => less(a, b).array())
}

afterEach(() => {
  unregisterKernel(less, 'webgpu')
})

describeOnDevice('kernels written by hand', (backend) => {
  test('read elements in their dtype and write bytes beside each other', async () => {
    // The other way round, so that the result shows who computed it.
    registerKernel(less, 'webgpu', kernel('if (i < 6u) { store(i, a(i) > b(i)); }'))
    expect(await compared(backend())).toEqual([false, true, false, false, false, true])
  })

  test('that do not compile are an error at the read that says what is wrong', async () => {
    registerKernel(less, 'webgpu', kernel('store(i, nonsense);'))
    await expect(compared(backend())).rejects.toThrow(/a shader for 'less'.*nonsense/s)
  })

  test('in another language are refused', async () => {
    registerKernel(less, 'webgpu', { run: () => {} })
    await expect(compared(backend())).rejects.toThrow(/a kernel for less in javascript/)
  })
})
