import {
  type Backend,
  BackendError,
  type BufferHandle,
  type BufferView,
  type Executable,
} from '@tensorweft/core'

/** A buffer on every one of some backends. */
class Mirrored {
  readonly buffers: readonly BufferHandle[]

  constructor(buffers: readonly BufferHandle[]) {
    this.buffers = buffers
  }
}

/**
 * A backend that does everything on several ones at once. A read fails unless all of them have the
 * same bytes.
 */
export function mirror(backends: readonly [Backend, ...Backend[]]): Backend {
  const [first] = backends
  const on = (handle: BufferHandle, k: number): BufferHandle => {
    const own = handle instanceof Mirrored ? handle.buffers[k] : undefined
    // What is no buffer of theirs, the backends themselves refuse.
    return own ?? handle
  }
  const views = (all: readonly BufferView[], k: number) =>
    all.map((view) => ({ ...view, buffer: on(view.buffer, k) }))
  return {
    name: first.name,
    capabilities: first.capabilities,
    allocate: (byteLength) => new Mirrored(backends.map((each) => each.allocate(byteLength))),
    free(buffer) {
      for (const [k, each] of backends.entries()) each.free(on(buffer, k))
    },
    write(buffer, bytes, offset) {
      for (const [k, each] of backends.entries()) each.write(on(buffer, k), bytes, offset)
    },
    async read(buffer, offset, byteLength) {
      const reads = backends.map((each, k) => each.read(on(buffer, k), offset, byteLength))
      const [one = new Uint8Array(), ...others] = await Promise.all(reads)
      for (const other of others) checkEqual(one, other)
      return one
    },
    compile(plan): Executable {
      const made = backends.map((each) => each.compile(plan))
      return {
        ready: Promise.all(made.map(({ ready }) => ready)).then(() => {}),
        run(inputs, outputs, scalars) {
          for (const [k, each] of made.entries()) {
            each.run(views(inputs, k), views(outputs, k), scalars)
          }
        },
        dispose() {
          for (const each of made) each.dispose()
        },
      }
    },
    async finish() {
      await Promise.all(backends.map((each) => each.finish()))
    },
    async dispose() {
      await Promise.all(backends.map((each) => each.dispose()))
    },
  }
}

function checkEqual(a: Uint8Array, b: Uint8Array): void {
  const place = a.findIndex((byte, k) => byte !== b[k])
  if (place < 0 && a.length === b.length) return
  throw new BackendError('mirror', { got: `bytes that differ from number ${place} on` })
}
