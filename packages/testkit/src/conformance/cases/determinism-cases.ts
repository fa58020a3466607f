import {
  type AnyTensor,
  type Backend,
  conv2d,
  gradients,
  key,
  matmul,
  max,
  mean,
  randomBits,
  randomNormal,
  realize,
  softmax,
  sum,
  type Tensor,
  type TypedArray,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { evaluateReference } from '../../reference/evaluate.ts'
import type { CaseDefinition } from '../case.ts'
import { checkSame, checkSameBits } from '../compare-arrays.ts'
import { fractions } from './kernel-case.ts'

function data(...shape: number[]): Tensor {
  const size = shape.reduce((n, extent) => n * extent, 1)
  return tensor(fractions('float32', size, shape.length), { shape, dtype: 'float32' })
}

/** Long reductions, contractions with tails, and their gradients. */
function computations(): AnyTensor[] {
  const [x, w] = [data(70, 301), data(301, 19)]
  const [images, filters] = [data(2, 9, 9, 3), data(3, 3, 3, 5)]
  const y = softmax(matmul(x, w).tanh())
  const features = conv2d(images, filters, { padding: 'same' })
  const loss = mean(y.square()).add(mean(features.square()))
  return [
    y,
    features,
    loss,
    sum(data(70001)),
    max(data(4097)),
    ...gradients(loss, [x, w, images, filters]),
  ]
}

async function results(backend: Backend): Promise<TypedArray[]> {
  const tensors = computations()
  await withBackend(backend, () => realize(...tensors))
  const read: TypedArray[] = []
  for (const one of tensors) read.push(await withBackend(backend, () => one.data()))
  return read
}

function checkAllSame(what: string, a: readonly TypedArray[], b: readonly TypedArray[]): void {
  a.forEach((array, i) => {
    checkSameBits(`${what}, tensor ${i}`, array, b[i] ?? new Float32Array(0))
  })
}

/** The same input gives the same bits. */
export const determinismCases: readonly CaseDefinition[] = [
  {
    name: 'determinism: two runs give the same bits',
    body: async ({ backend }) => {
      checkAllSame('second run', await results(backend), await results(backend))
    },
  },
  {
    name: 'determinism: another instance gives the same bits',
    body: async ({ backend, create }) => {
      const other = await create()
      checkAllSame('other instance', await results(backend), await results(other))
      await other.dispose()
    },
  },
  {
    name: 'determinism: random bits are those of threefry on every backend',
    body: async ({ backend }) => {
      const bits = randomBits(key(42), [5, 41])
      const got = await withBackend(backend, () => bits.data())
      const [wanted] = await evaluateReference([bits])
      checkSame('bits', got, wanted?.values ?? [])
      const noise = randomNormal(key(7), [3001])
      const values = await withBackend(backend, () => noise.data())
      const again = randomNormal(key(7), [3001])
      checkSameBits('same key', values, await withBackend(backend, () => again.data()))
    },
  },
]
