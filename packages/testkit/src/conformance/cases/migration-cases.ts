import {
  type Backend,
  compile,
  gradients,
  matmul,
  mean,
  Parameter,
  type Tensor,
  type TypedArray,
  tensor,
  withBackend,
} from '@tensorweft/core'
import type { CaseDefinition } from '../case.ts'
import { checkSame, checkSameBits } from '../compare-arrays.ts'
import { fractions } from './kernel-case.ts'

/** Losses and final weights of a small regression whose step n runs on `backendOf(n)`. */
async function train(backendOf: (step: number) => Backend): Promise<TypedArray[]> {
  const weights = new Parameter(
    tensor(fractions('float32', 12), { shape: [4, 3], dtype: 'float32' }),
  )
  const x = tensor(fractions('float32', 20, 2), { shape: [5, 4], dtype: 'float32' })
  const step = compile((input: Tensor) => {
    const loss = mean(matmul(input, weights.value).tanh().square())
    const [slope] = gradients(loss, [weights])
    if (slope !== undefined) weights.assign(weights.value.sub(slope.mul(0.1)))
    return loss
  })
  const results: TypedArray[] = []
  for (let n = 0; n < 8; n++) {
    const loss = await withBackend(backendOf(n), async () => step(x))
    results.push(await withBackend(backendOf(n), () => loss.data()))
  }
  results.push(await withBackend(backendOf(8), () => weights.value.data()))
  return results
}

/** Values follow to the backend that computes. */
export const migrationCases: readonly CaseDefinition[] = [
  {
    name: 'migration: a tensor is used where it is needed, and stays what it is',
    body: async ({ backend, create }) => {
      const other = await create()
      const x = await withBackend(backend, async () => tensor([1, 2, 3]).mul(2))
      checkSame('here', await withBackend(backend, () => x.data()), [2, 4, 6])
      const y = x.add(1)
      checkSame('there', await withBackend(other, () => y.data()), [3, 5, 7])
      const z = x.sub(y)
      checkSame('back', await withBackend(backend, () => z.data()), [-1, -1, -1])
      checkSame('still', await withBackend(backend, () => x.data()), [2, 4, 6])
      await other.dispose()
    },
  },
  {
    name: 'migration: training that changes instances gives the same bits',
    body: async ({ backend, create }) => {
      const other = await create()
      const stayed = await train(() => backend)
      const moved = await train((step) => (step % 4 < 2 ? backend : other))
      stayed.forEach((values, i) => {
        checkSameBits(`result ${i}`, moved[i] ?? new Float32Array(0), values)
      })
      await other.dispose()
    },
  },
]
