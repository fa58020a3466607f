import type { Backend } from '../backend.ts'
import { OutOfMemoryError } from '../errors.ts'
import { type BufferContent, type HeldBuffer, heldBuffers, Storage } from '../graph/storage.ts'
import type { Node } from '../graph/tensor.ts'
import { contentOf, nodeByteLength } from '../graph/value.ts'
import { formatShape } from '../shape.ts'
import { collectDead } from './collect.ts'
import { formatBytes } from './format-bytes.ts'
import { relieveHistory } from './history.ts'
import { dropIdlePlans, planMemory } from './plan-cache.ts'

/** A buffer for the value of `node`, for which plans that nothing waits for may have to go. */
export function allocateFor(node: Node, backend: Backend): Storage {
  const byteLength = nodeByteLength(node)
  const content = contentOf(node)
  try {
    return new Storage(backend, byteLength, content)
  } catch (error) {
    if (!(error instanceof OutOfMemoryError) || !dropIdlePlans(backend)) throw error
    return new Storage(backend, byteLength, content)
  }
}

/** Buffers for the values of all nodes, or of none. */
export function allocateAll(nodes: readonly Node[], backend: Backend): Storage[] {
  const made: Storage[] = []
  try {
    for (const node of nodes) made.push(allocateFor(node, backend))
    return made
  } catch (error) {
    for (const storage of made) storage.free()
    throw error
  }
}

/** Values that die with a history take a collection more than the one that shows it is dead. */
const attempts = 4

/**
 * Runs a job that changes nothing where it fails for want of memory. Then what is dead is given up
 * and the job runs again; an error says who holds what.
 */
export function withinMemory(
  backend: Backend,
  job: () => void | Promise<void>,
): void | Promise<void> {
  const again = (error: unknown) => {
    // What another job failed for has been tried again.
    const isNew = error instanceof OutOfMemoryError && !(error.cause instanceof OutOfMemoryError)
    if (isNew) return retry(error, backend, job)
    throw error
  }
  try {
    return job()?.catch(again)
  } catch (error) {
    return again(error)
  }
}

async function retry(
  first: OutOfMemoryError,
  backend: Backend,
  job: () => void | Promise<void>,
): Promise<void> {
  let last = first
  for (let attempt = 0; attempt < attempts; attempt++) {
    await collectDead()
    relieveHistory()
    try {
      return await job()
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error
      last = error
    }
  }
  throw withHoldings(last, backend)
}

/** The error with what the backend holds now. */
export function withHoldings(error: OutOfMemoryError, backend: Backend): OutOfMemoryError {
  const hint = error.hint === undefined ? '' : `${error.hint}\n  `
  return new OutOfMemoryError(error.op, {
    ...(error.got !== undefined && { got: error.got }),
    ...(error.wanted !== undefined && { wanted: error.wanted }),
    hint: `${hint}${holdingsText(backend)}`,
    cause: error,
  })
}

function holdingsText(backend: Backend): string {
  const held = [...(heldBuffers().get(backend) ?? [])]
  const bytes = held.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const [largest] = held.sort((a, b) => b.byteLength - a.byteLength)
  const example = largest === undefined ? '' : ` (largest: ${bufferText(largest)})`
  const plans = planMemory(backend)
  return (
    `Held now: ${formatBytes(bytes)} in ${held.length} tensors${example}, ` +
    `${formatBytes(plans.byteLength)} in ${plans.plans} compiled plans`
  )
}

/** Such as `512 MiB float32 [4096, 32768], made at data.ts:40`. */
function bufferText({ byteLength, content }: HeldBuffer): string {
  return `${formatBytes(byteLength)}${content === undefined ? '' : ` ${contentText(content)}`}`
}

function contentText({ dtype, shape, origin }: BufferContent): string {
  return `${dtype} ${formatShape(shape)}${origin === undefined ? '' : `, made at ${origin}`}`
}
