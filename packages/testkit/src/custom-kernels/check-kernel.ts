import {
  type AnyTensor,
  type Backend,
  registerKernel,
  type TypedArray,
  unregisterKernel,
  withBackend,
} from '@tensorweft/core'
import { checkNear } from '../conformance/compare-arrays.ts'
import { ConformanceError } from '../conformance/conformance-error.ts'
import { recordBackend } from '../recording/record-backend.ts'
import { sampleCallsOf } from './sample-calls.ts'

export interface KernelCheckOptions {
  /**
   * Calls of the op, each on new tensors of the same values. By default the calls with which the
   * conformance suite checks it, for ops of core.
   */
  readonly calls?: readonly (() => AnyTensor)[]
  /** Relative to the greatest generated value, for floats; by default 1e-5. Others must be equal. */
  readonly tolerance?: number
}

/** What `checkKernel` found. */
export interface KernelCheckReport {
  readonly calls: number
  /** Calls that the kernel supports and computed. */
  readonly claimed: number
}

/**
 * Compares a kernel that is registered for an op with the generated one, on a backend.
 *
 * @throws ConformanceError where they differ, if the kernel supports none of the calls, or if there
 * is no kernel.
 * @example
 * ```ts
 * import { cpu } from '@tensorweft/backend-cpu'
 * import { exp, type KernelArray, registerKernel, unregisterKernel } from '@tensorweft/core'
 * import { checkKernel } from '@tensorweft/testkit'
 *
 * registerKernel(exp, 'cpu', {
 *   run: ({ x }: { x: KernelArray }, output) => output.data.set(x.data.map((v) => Math.exp(v))),
 * })
 * const { calls, claimed } = await checkKernel(exp, cpu())
 * unregisterKernel(exp, 'cpu')
 * ```
 */
export async function checkKernel(
  op: object,
  backend: Backend,
  options: KernelCheckOptions = {},
): Promise<KernelCheckReport> {
  const { calls = sampleCallsOf(op, backend), tolerance = 1e-5 } = options
  const kernel = unregisterKernel(op, backend.name)
  if (kernel === undefined) {
    throw new ConformanceError(`checkKernel: no kernel is registered for it on ${backend.name}`)
  }
  const generated: TypedArray[] = []
  try {
    for (const call of calls) generated.push(await valuesOf(call, backend))
  } finally {
    registerKernel(op, backend.name, kernel)
  }
  let claimed = 0
  for (const [i, call] of calls.entries()) {
    const recording = recordBackend(backend)
    const values = await valuesOf(call, recording)
    if (!recording.plans.some(({ kernels }) => kernels.some(({ kind }) => kind === 'custom'))) {
      continue
    }
    claimed++
    compare(`call ${i + 1} of ${calls.length}`, values, generated[i] ?? values, tolerance)
  }
  if (claimed > 0) return { calls: calls.length, claimed }
  throw new ConformanceError(`checkKernel: the kernel supports none of ${calls.length} calls`)
}

async function valuesOf(call: () => AnyTensor, backend: Backend): Promise<TypedArray> {
  return withBackend(backend, () => call().data())
}

function compare(what: string, got: TypedArray, wanted: TypedArray, tolerance: number): void {
  const isFloat = wanted instanceof Float32Array || wanted instanceof Float64Array
  const finite = Array.from(wanted, Math.abs).filter(Number.isFinite)
  const absolute = isFloat ? tolerance * Math.max(0, ...finite) : 0
  checkNear(what, got, wanted, { absolute })
}
