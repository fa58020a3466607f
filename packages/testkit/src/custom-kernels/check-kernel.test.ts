import { cpu } from '@tensorweft/backend-cpu'
import {
  exp,
  type HandWrittenKernel,
  less,
  neg,
  registerKernel,
  softmax,
  type TensorSpec,
  tensor,
  unregisterKernel,
} from '@tensorweft/core'
import { afterEach, describe, expect, test } from 'vitest'
import { checkRandomGraphs } from '../random-graphs/check.ts'
import { checkKernel } from './check-kernel.ts'
import { withJavaScriptKernels } from './javascript-kernels.testing.ts'

type Call = { x: TensorSpec; axis?: number }

/** Softmax of vectors, wrong by a factor. */
function vectors(factor: number): HandWrittenKernel<Call> {
  return {
    supports: ({ x }) => x.shape.length === 1,
    run: ({ x }, output) => {
      const exps = Array.from(x.data, Math.exp)
      const total = exps.reduce((sum, value) => sum + value, 0)
      output.data.set(exps.map((value) => (value / total) * factor))
    },
  }
}

const calls = [
  () => softmax(tensor([1, 2, 3])),
  () => softmax(tensor([[1], [2]])),
  () => softmax(tensor([-4, 0])),
]
const backend = cpu()

afterEach(() => {
  unregisterKernel(softmax, 'cpu')
  unregisterKernel(less, 'cpu')
})

describe('checkKernel', () => {
  test('counts the calls that the kernel computed', async () => {
    registerKernel(softmax, 'cpu', vectors(1))
    expect(await checkKernel(softmax, backend, { calls })).toEqual({ calls: 3, claimed: 2 })
  })

  test('finds values that differ, and leaves the kernel registered', async () => {
    registerKernel(softmax, 'cpu', vectors(1.0001))
    await expect(checkKernel(softmax, backend, { calls })).rejects.toThrow(
      /call 1 of 3: 3 of 3 elements differ/,
    )
    const report = await checkKernel(softmax, backend, { calls, tolerance: 0.001 })
    expect(report.claimed).toBe(2)
  })

  test('wants values that are no floats to be equal', async () => {
    registerKernel(less, 'cpu', { run: (_, output) => output.data.fill(1) })
    await expect(checkKernel(less, backend)).rejects.toThrow(/elements differ/)
  })

  test('fails for a kernel that none of the calls is given to', async () => {
    registerKernel(softmax, 'cpu', vectors(1))
    await expect(checkKernel(softmax, backend)).rejects.toThrow(/supports none of \d+ calls/)
  })

  test('fails where nothing is registered', async () => {
    await expect(checkKernel(softmax, backend)).rejects.toThrow(/no kernel is registered/)
  })
})

test('random graphs compute the same with kernels written by hand among them', async () => {
  await withJavaScriptKernels('cpu', async () => {
    for (const op of [exp, neg, softmax]) {
      expect((await checkKernel(op, backend)).claimed).toBeGreaterThan(0)
    }
    await checkRandomGraphs(backend, { count: 150 })
  })
})
