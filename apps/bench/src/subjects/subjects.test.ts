import { describe, expect, test } from 'vitest'
import { mlpProblem } from '../cases/mlp.ts'
import { referenceLosses } from '../cases/mlp-reference.ts'
import type { MlpProblem } from '../problems.ts'
import { verify } from '../verify.ts'
import { peers } from './peers.ts'
import { backends } from './tensorweft.ts'

const sizes = { batch: 7, inputs: 9, hidden: 5, outputs: 3 }
const updates: MlpProblem['update'][] = [
  { rule: 'sgd', learningRate: 0.1 },
  { rule: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
]

const subjects = [
  ...[...backends].map(([name, load]) => ({ name: `tensorweft/${name}`, load })),
  ...[...peers].map(([name, load]) => ({ name, load })),
]

describe.each(subjects)('$name', ({ name, load }) => {
  test('multiplies', async () => {
    const subject = await load({ threads: 1 })
    await subject.activate()
    const a = Float32Array.of(1, 2, 3, 4, 5, 6)
    const work = await subject.matmul({ rows: 2, inner: 3, columns: 1, a, b: a.subarray(0, 3) })
    await work.step()
    expect(subject.name).toBe(name)
    expect(Array.from(await work.result())).toEqual([14, 32])
    await work.dispose()
    await subject.dispose()
  })

  test.each(updates)('trains like the reference with $rule', async (update) => {
    const subject = await load({ threads: 1 })
    await subject.activate()
    const problem = mlpProblem(sizes, update)
    const work = await subject.mlp(problem)
    const losses: number[] = []
    for (let step = 0; step < 4; step++) {
      await work.step()
      losses.push(...Array.from(await work.result()))
    }
    verify(name, losses, referenceLosses(problem, 4), { relative: 1e-4, absolute: 1e-6 })
    await work.dispose()
    await subject.dispose()
  })
})
