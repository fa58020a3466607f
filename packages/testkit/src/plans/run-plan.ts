import {
  type Backend,
  BackendError,
  type BufferView,
  byteLengthOf,
  type DType,
  type Plan,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'
import { bytesOf } from './bytes.ts'

/** Bytes on both sides of the views of a run. */
const margin = 256

/** What memory holds beforehand: a value that was left unwritten must show. */
const poison = 0xa5

/**
 * Runs a plan on a backend, on views in the middle of buffers, and returns the outputs. Float16 is
 * given and returned as its bits.
 *
 * @param times How often the plan runs, on the same inputs; the outputs are those of the last run.
 * @throws BackendError if bytes beside an output were written.
 * @example
 * ```ts
 * const { plan, inputs, scalars } = randomCase('loops', 1)
 * console.log(await runPlan(cpu(), plan, inputs, scalars))
 * ```
 */
export async function runPlan(
  backend: Backend,
  plan: Plan,
  inputs: readonly TypedArray[],
  scalars: readonly number[] = [],
  times = 1,
): Promise<TypedArray[]> {
  const executable = backend.compile(plan)
  await executable.ready
  const ins = inputs.map(({ byteLength }) => poisonedView(backend, byteLength))
  const outs = plan.outputs.map(({ dtype, size, donated }) => {
    const given = donated === undefined ? undefined : ins[donated]
    return given ?? poisonedView(backend, byteLengthOf(dtype, size))
  })
  for (let time = 0; time < times; time++) {
    // Again each time: the run before may have written over them.
    inputs.forEach((input, i) => {
      const view = ins[i]
      if (view !== undefined) backend.write(view.buffer, bytesOf(input), view.byteOffset)
    })
    executable.run(ins, outs, scalars)
  }
  const results = await Promise.all(
    outs.map(async (view, i) => {
      const { dtype, size } = plan.outputs[i] ?? { dtype: 'uint8', size: 0 }
      const bytes = await readChecked(backend, view, i)
      return viewTypedArray<DType>(dtype, bytes.buffer, 0, size)
    }),
  )
  for (const { buffer } of new Set([...ins, ...outs])) backend.free(buffer)
  executable.dispose()
  return results
}

function poisonedView(backend: Backend, byteLength: number): BufferView {
  const whole = margin * 2 + byteLength
  const buffer = backend.allocate(whole)
  backend.write(buffer, new Uint8Array(whole).fill(poison))
  return { buffer, byteOffset: margin, byteLength }
}

/** A copy of the bytes of a view, if those around it are what they were. */
async function readChecked(
  backend: Backend,
  { buffer, byteLength }: BufferView,
  output: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = await backend.read(buffer)
  const isInside = (position: number) => position >= margin && position < margin + byteLength
  const wrong = whole.findIndex((byte, position) => byte !== poison && !isInside(position))
  if (wrong >= 0) {
    const got = `byte ${wrong - margin} of output ${output} written, which has ${byteLength}`
    throw new BackendError('runPlan', { got, wanted: 'memory beside outputs to stay as it is' })
  }
  return whole.slice(margin, margin + byteLength)
}
