import { cpu } from '@tensorweft/backend-cpu'
import { type Backend, type Plan, withBackend } from '@tensorweft/core'
import { worstRelative } from '../testing/compare.testing.ts'
import { PlanBuilder, runOn } from '../testing/plan-builder.testing.ts'
import { Random } from '../testing/random.testing.ts'
import { addRandomContraction, addRandomLoops } from '../testing/random-kernels.testing.ts'
import { type SmokeCase, smokeCases } from './smoke-cases.testing.ts'

/** What came out otherwise than on cpu, by the name of the case. */
export interface SmokeReport {
  readonly passed: readonly string[]
  readonly failed: readonly string[]
}

/** In the last place of the largest value: sums have other orders here than on cpu. */
const mostUlps = 100

/** Computes all cases, and random kernels, on a backend of webgpu and on cpu, and compares. */
export async function runSmoke(backend: Backend): Promise<SmokeReport> {
  const problems = await Promise.all(smokeCases.map((smokeCase) => problemOf(smokeCase, backend)))
  const random = await problemOfRandomKernels(backend)
  const all = [...problems, random]
  return {
    passed: [...smokeCases.map(({ name }) => name), 'random kernels'].filter((_, k) => !all[k]),
    failed: all.flatMap((problem) => problem ?? []),
  }
}

async function problemOf(
  { name, kind, program, prepare }: SmokeCase,
  backend: Backend,
): Promise<string | undefined> {
  const plans: Plan[] = []
  const onCpu = program()
  const wanted = await withBackend(cpu(), () => onCpu.data())
  const takeBack = prepare?.()
  const got = await withBackend(watched(backend, plans), () => program().data())
  takeBack?.()
  const kinds = plans.flatMap(({ kernels }) => kernels.map((kernel) => kernel.kind))
  if (!kinds.includes(kind)) return `${name}: computed by ${kinds.join(', ')}, not by a ${kind}`
  const { ulps, ...at } = worstRelative(got, wanted, onCpu.dtype)
  return ulps <= mostUlps ? undefined : `${name}: ${JSON.stringify(at)}`
}

/** The backend, which notes the plans that it is given. */
function watched(backend: Backend, plans: Plan[]): Backend {
  return {
    name: backend.name,
    capabilities: backend.capabilities,
    allocate: (byteLength) => backend.allocate(byteLength),
    free: (buffer) => backend.free(buffer),
    write: (buffer, bytes, byteOffset) => backend.write(buffer, bytes, byteOffset),
    read: (buffer, byteOffset, byteLength) => backend.read(buffer, byteOffset, byteLength),
    compile: (plan) => {
      plans.push(plan)
      return backend.compile(plan)
    },
    finish: () => backend.finish(),
    dispose: () => backend.dispose(),
  }
}

/** Kernels that no op makes: every kind of load, store, dtype and instruction. */
async function problemOfRandomKernels(backend: Backend): Promise<string | undefined> {
  const builder = new PlanBuilder()
  for (let seed = 0; seed < 12; seed++) addRandomLoops(builder, new Random(seed))
  for (let seed = 0; seed < 4; seed++) addRandomContraction(builder, new Random(seed))
  const plan = builder.plan()
  const wanted = await runOn(cpu(), { ...builder, plan })
  const got = await runOn(backend, { ...builder, plan })
  for (const [k, { dtype }] of plan.outputs.entries()) {
    const [g, w] = [got[k], wanted[k]]
    if (g === undefined || w === undefined) return `output ${k} of random kernels is missing`
    const { ulps, ...at } = worstRelative(g, w, dtype)
    if (ulps > mostUlps) return `output ${k} of random kernels, ${dtype}: ${JSON.stringify(at)}`
  }
  return undefined
}
