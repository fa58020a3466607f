import { type Answer, type Hello, type ModuleMessage, serve } from './serve.ts'

/** A worker, wherever it comes from. */
export interface Thread {
  postMessage(message: Hello | ModuleMessage): void
  terminate(): unknown
}

export interface ThreadEvents {
  answered(answer: Answer): void
  /** The worker could not start, or has ended. */
  failed(cause: unknown): void
}

export type StartThread = (events: ThreadEvents) => Thread

interface NodeWorker extends Thread {
  on(event: string, listener: (value: never) => void): void
  unref(): void
}

interface NodeModules {
  'node:worker_threads': {
    readonly Worker: new (code: string, options: object) => NodeWorker
  }
  'node:os': { availableParallelism(): number }
}

/** A module of Node, without an import that other platforms would stumble over. */
function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(name: Name): NodeModules[Name] | undefined }
  }
  return process?.getBuiltinModule?.(name)
}

export function coreCount(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } }
  return navigator?.hardwareConcurrency ?? nodeModule('node:os')?.availableParallelism() ?? 1
}

/** Whether threads can share memory here. */
export function canShare(): boolean {
  const isIsolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated
  return typeof SharedArrayBuffer === 'function' && isIsolated !== false
}

/** Whether this thread may wait for others, which the main one of a page must not. */
export function canWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0)
    return true
  } catch {
    return false
  }
}

/** Ways to start a worker, best first. */
export function waysToStart(): StartThread[] {
  const node = nodeModule('node:worker_threads')
  return [
    ...(node === undefined ? [] : [startInNode.bind(undefined, node.Worker)]),
    ...(typeof Worker === 'function' ? [startFromBlob, startFromUrl] : []),
  ]
}

function startInNode(
  NodeWorker: NodeModules['node:worker_threads']['Worker'],
  events: ThreadEvents,
): Thread {
  const code = `(${serve})(require('node:worker_threads').parentPort)`
  const worker = new NodeWorker(code, { eval: true, execArgv: [], name: 'tensorweft' })
  worker.on('message', events.answered)
  worker.on('error', events.failed)
  worker.on('exit', events.failed)
  worker.unref()
  return worker
}

function startFromBlob(events: ThreadEvents): Thread {
  const url = URL.createObjectURL(new Blob([`(${serve})(self)`], { type: 'text/javascript' }))
  try {
    return connect(new Worker(url, { name: 'tensorweft' }), events)
  } finally {
    // The worker has it by its next turn, or never.
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
}

/** Where Blob URLs are forbidden. Bundlers know this form and make a file of the worker. */
function startFromUrl(events: ThreadEvents): Thread {
  return connect(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }), events)
}

function connect(worker: Worker, events: ThreadEvents): Thread {
  worker.addEventListener('message', ({ data }) => events.answered(data))
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    // Without a message the file itself did not come.
    events.failed(
      event.message ?? 'its file was not loaded; isolated pages need their headers with it',
    )
  })
  return worker
}
