import type { Backend, BufferHandle } from '../backend.ts'
import { byteLengthOf } from '../dtype.ts'
import { backendToUse } from '../execution/current-backend.ts'
import { type Kernel, writtenOperands } from '../ir/kernel.ts'
import { contractVersion, type Plan, type Slot } from '../ir/plan.ts'
import { compiledPlanOf } from './call-traced.ts'
import type { CallArguments, CompiledFunction } from './compile.ts'

/** What one kernel of a plan costs. */
export interface KernelProfile {
  readonly label: string
  readonly kind: Kernel['kind']
  /**
   * Median over the runs: time on the device where the backend can tell, else from the call to the
   * end of the work.
   */
  readonly elapsedMs: number
  /** Bytes of the arrays that it reads and writes, each once. */
  readonly byteLength: number
}

/**
 * Time and bytes of each kernel of a compiled function for these arguments: every kernel is run on
 * its own, `runs` times, on arrays of zeros. Parameters and arguments are not touched.
 *
 * @example
 * ```ts
 * const step = compile((x: Tensor) => x.matmul(x).relu())
 * console.table(await profile(step, zeros([64, 64])))
 * ```
 */
export async function profile<A extends readonly unknown[], R>(
  compiled: CompiledFunction<A, R>,
  ...args: CallArguments<A>
): Promise<KernelProfile[]> {
  const backend = await backendToUse()
  const { plan } = compiledPlanOf(compiled.traced(...args), backend)
  const profiles: KernelProfile[] = []
  for (const kernel of plan.kernels) profiles.push(await profileKernel(kernel, plan, backend))
  return profiles
}

const runs = 5

async function profileKernel(kernel: Kernel, plan: Plan, backend: Backend): Promise<KernelProfile> {
  const alone = planOfKernel(kernel, plan)
  const executable = backend.compile(alone)
  const inputs = alone.inputs.map(({ dtype, size }) =>
    zeroBuffer(backend, byteLengthOf(dtype, size)),
  )
  const views = inputs.map(({ buffer, byteLength }) => ({ buffer, byteOffset: 0, byteLength }))
  const outputs = alone.outputs.flatMap(({ donated }) => views[donated ?? -1] ?? [])
  const scalars = plan.scalars.map(() => 0)
  const times: number[] = []
  try {
    await executable.ready
    for (let run = 0; run <= runs; run++) {
      const start = now()
      const measuredMs = await executable.measure?.(views, outputs, scalars)
      if (measuredMs === undefined) await executable.run(views, outputs, scalars)
      await backend.finish()
      // The first run warms up.
      if (run > 0) times.push(measuredMs ?? now() - start)
    }
  } finally {
    executable.dispose()
    for (const { buffer } of inputs) backend.free(buffer)
  }
  times.sort((a, b) => a - b)
  return {
    label: kernel.label,
    kind: kernel.kind,
    elapsedMs: times[Math.floor(times.length / 2)] ?? 0,
    byteLength: inputs.reduce((sum, { byteLength }) => sum + byteLength, 0),
  }
}

/** A plan of one kernel in which every array is an input, those that it writes in place. */
function planOfKernel(kernel: Kernel, plan: Plan): Plan {
  const slots = kernel.operands.flatMap(({ slot }) => plan.slots[slot] ?? [])
  const arrays = slots.map(({ dtype, size }) => ({ dtype, size }))
  return {
    version: contractVersion,
    kernels: [{ ...kernel, operands: kernel.operands.map((o, slot) => ({ ...o, slot })) }],
    slots: arrays.map((array, input): Slot => ({ in: 'input', input, ...array })),
    inputs: arrays,
    outputs: writtenOperands(kernel).flatMap((donated) => {
      const array = arrays[donated]
      return array === undefined ? [] : [{ ...array, donated }]
    }),
    scalars: plan.scalars,
    arenaByteLength: 0,
  }
}

function zeroBuffer(
  backend: Backend,
  byteLength: number,
): { buffer: BufferHandle; byteLength: number } {
  const buffer = backend.allocate(byteLength)
  backend.write(buffer, new Uint8Array(byteLength))
  return { buffer, byteLength }
}

declare const performance: { now(): number }

function now(): number {
  return performance.now()
}
