import type { Backend, BufferView, Plan, Step } from '@tensorweft/core'
import { affine, bytesOf, load, mapKernel, operandsOf, planOf } from '@tensorweft/testkit/plans'

const size = 4096
const spec = { dtype: 'int32', size } as const

/** A place at which `Picks` breaks off. */
export const far = 0x3a00_0000

/** `out[k] = values[places[k]]`. */
function pickPlan(): Plan {
  const program: Step[] = [
    load('int32', 0, affine([1])),
    { op: 'gather', dtype: 'int32', operand: 1, index: affine([]), offset: 0, within: [] },
  ]
  const kernel = mapKernel('pick', [size], operandsOf(spec, spec, spec), program)
  return planOf({ kernels: [kernel], inputs: [spec, spec], outputs: [spec] })
}

/** Picks elements of `numbers` on a backend, by a plan that threads share if its policy says so. */
export class Picks {
  readonly size: number = size
  readonly numbers: Int32Array = Int32Array.from({ length: size }, (_, k) => 3 * k + 1)
  readonly #backend: Backend
  readonly #run: (places: BufferView, out: BufferView) => void

  constructor(backend: Backend) {
    this.#backend = backend
    const executable = backend.compile(pickPlan())
    const values = this.view(this.numbers)
    this.#run = (places, out) => executable.run([places, values], [out], [])
  }

  view(content: Int32Array): BufferView {
    const byteLength = 4 * size
    const view = { buffer: this.#backend.allocate(byteLength), byteOffset: 0, byteLength }
    this.write(view, content)
    return view
  }

  write({ buffer }: BufferView, content: Int32Array): void {
    this.#backend.write(buffer, bytesOf(content))
  }

  /** Starts to pick, without waiting for it. */
  start(places: BufferView, out: BufferView): void {
    this.#run(places, out)
  }

  async read({ buffer }: BufferView): Promise<Int32Array> {
    const bytes = await this.#backend.read(buffer)
    return new Int32Array(bytes.buffer)
  }

  async pick(at: (k: number) => number): Promise<Int32Array> {
    const places = this.view(Int32Array.from({ length: size }, (_, k) => at(k)))
    const out = this.view(new Int32Array(size))
    try {
      this.start(places, out)
      return await this.read(out)
    } finally {
      this.#backend.free(places.buffer)
      this.#backend.free(out.buffer)
    }
  }
}

export function areEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, k) => value === b[k])
}
