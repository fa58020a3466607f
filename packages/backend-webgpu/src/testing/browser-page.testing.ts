import { cpu } from '@tensorweft/backend-cpu'
import { key, matmul, randomNormal, setBackend, softmax } from '@tensorweft/core'
import { webgpu } from '../index.ts'
import { worstRelative } from './compare.testing.ts'
import { PlanBuilder, runOn } from './plan-builder.testing.ts'
import { Random } from './random.testing.ts'
import { addRandomContraction, addRandomLoops } from './random-kernels.testing.ts'

/** Kinds of kernels that ran, and what came out differently than on cpu. */
export interface PageReport {
  readonly kinds: readonly string[]
  readonly wrong: readonly string[]
}

/** Random kernels of every kind, bytes among them, and a small program. */
async function checkInPage(): Promise<PageReport> {
  const builder = new PlanBuilder()
  for (let seed = 0; seed < 12; seed++) addRandomLoops(builder, new Random(seed))
  for (let seed = 0; seed < 4; seed++) addRandomContraction(builder, new Random(seed))
  const plan = builder.plan()
  const backend = await webgpu()
  const wanted = await runOn(cpu(), { ...builder, plan })
  const got = await runOn(backend, { ...builder, plan })
  const wrong = plan.outputs.flatMap(({ dtype }, k) => {
    const [g, w] = [got[k], wanted[k]]
    if (g === undefined || w === undefined) return [`output ${k} is missing`]
    const { ulps, ...at } = worstRelative(g, w, dtype)
    return ulps < 100 ? [] : [`${dtype} output ${k}: ${JSON.stringify(at)}`]
  })
  const program = () =>
    softmax(matmul(randomNormal(key(1), [5, 40]), randomNormal(key(2), [40, 9])))
  await setBackend(cpu())
  const onCpu = await program().data()
  await setBackend(backend)
  const { ulps } = worstRelative(await program().data(), onCpu, 'float32')
  if (ulps > 100) wrong.push(`softmax of a product differs by ${ulps}`)
  await backend.dispose()
  return { kinds: [...new Set(plan.kernels.map(({ kind }) => kind))], wrong }
}

Object.assign(globalThis, { checkInPage })
