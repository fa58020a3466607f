import type { Backend, BufferView } from '../backend.ts'
import { BackendError, DisposedError, OutOfMemoryError, TraceError } from '../errors.ts'
import type { Storage } from '../graph/storage.ts'
import { type Node, typeText } from '../graph/tensor.ts'
import { allocateFor, withHoldings } from './out-of-memory.ts'

/** Brings values to a backend: uploads host data, moves what lives elsewhere. */
export function bringTo(backend: Backend, nodes: readonly Node[]): void | Promise<void> {
  const elsewhere: Node[] = []
  for (const node of nodes) {
    if (node.hostData !== undefined) upload(node, node.hostData, backend)
    else if (node.storage !== undefined && node.storage.backend !== backend) elsewhere.push(node)
  }
  if (elsewhere.length > 0) return moveAll(elsewhere, backend)
}

/** The buffer of a value that was brought to its backend. */
export function viewOf(node: Node): BufferView {
  if (node.failure !== undefined) throw node.failure
  const view = node.storage?.view
  if (view !== undefined) return view
  const type = typeText(node)
  if (node.source.kind === 'placeholder') {
    throw new TraceError('read', {
      got: `a tensor ${type} that stands for an argument of a compiled function`,
      hint: 'return it from the function and use what the call returns',
    })
  }
  throw new DisposedError('read', {
    got: `a tensor ${type} whose value was disposed`,
    hint: 'dispose of it after everything that uses it was read',
  })
}

function upload(node: Node, bytes: Uint8Array, backend: Backend): void {
  const storage = allocateFor(node, backend)
  const view = storage.view
  if (view !== undefined) backend.write(view.buffer, bytes)
  node.storage = storage
  node.hostData = undefined
}

async function moveAll(nodes: readonly Node[], backend: Backend): Promise<void> {
  for (const node of nodes) {
    const from = node.storage
    if (from === undefined || from.backend === backend) continue
    const bytes = await readFrom(from, node)
    // Somebody else may have moved it meanwhile.
    if (node.storage !== from) continue
    upload(node, bytes, backend)
    from.free()
  }
}

/** The bytes of a value, from the backend that has it. */
export async function readFrom({ backend, byteLength }: Storage, node: Node): Promise<Uint8Array> {
  const { buffer } = viewOf(node)
  try {
    return await backend.read(buffer, 0, byteLength)
  } catch (error) {
    if (error instanceof OutOfMemoryError) throw withHoldings(error, backend)
    if (!(error instanceof BackendError)) throw error
    throw new BackendError('read', {
      got: `a tensor ${typeText(node)} that is on ${backend.name}, which says: ${error.got ?? error.message}`,
      wanted: error.wanted ?? 'values on a backend that is alive',
      // What the backend itself advises comes first.
      hint: error.hint ?? 'read tensors before their backend is disposed of',
      cause: error,
    })
  }
}
