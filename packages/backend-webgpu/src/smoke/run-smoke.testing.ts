import { cpu } from '@tensorweft/backend-cpu'
import { type Backend, type Plan, withBackend } from '@tensorweft/core'
import {
  addRandomKernel,
  outputDifferences,
  PlanBuilder,
  randomKinds,
  runPlan,
} from '@tensorweft/testkit/plans'
import { worstRelative } from '../testing/compare.testing.ts'
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

/** Kernels that no op makes, of finite numbers: WGSL lets compilers assume that there are no others. */
async function problemOfRandomKernels(backend: Backend): Promise<string | undefined> {
  const builder = new PlanBuilder()
  for (const kind of randomKinds) {
    for (let seed = 0; seed < 3; seed++) addRandomKernel(builder, kind, seed, { specials: false })
  }
  const { plan, inputs, scalars } = builder.build()
  const wanted = await runPlan(cpu(), plan, inputs, scalars)
  const [difference] = outputDifferences(
    plan,
    await runPlan(backend, plan, inputs, scalars),
    wanted,
  )
  return difference
}
