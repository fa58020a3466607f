import { BackendError } from '@tensorweft/core'
import { moduleNames } from '../plan.ts'
import { controlBytes, words } from './control.ts'
import { faultOf } from './fault.ts'
import type { StartThread, Thread } from './platform.ts'
import type { Policy } from './policy.ts'
import type { Answer } from './serve.ts'

/** A run of a module on some threads: that of `emitSharedRun`. */
export type SharedRun = (
  table: number,
  scratch: number,
  control: number,
  threads: number,
  number: number,
) => void

export interface Job {
  /** Number that `add` gave. */
  readonly executable: number
  /** The module on this thread. */
  readonly run: SharedRun
  readonly table: number
  readonly scratch: number
  /** Whether to wait a little for workers that are just getting the module. */
  readonly isPatient: boolean
}

export interface CrewOptions {
  /** Threads that share a job, the caller included if it may wait. */
  readonly threads: number
  readonly canWait: boolean
  readonly ways: readonly StartThread[]
  readonly policy: Policy
  readonly memory: WebAssembly.Memory
  /** Takes memory that is never given back. */
  readonly take: (byteLength: number) => number
}

/** How often a crew that broke off is replaced by a new one. */
const maxRestarts = 3
const leaveMilliseconds = 1000

interface Pending {
  readonly job: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  faults: number
}

/**
 * The workers of a backend. They start after the first job, in the background: its code is still
 * being compiled by the engine on other cores.
 */
export class Crew {
  readonly #options: CrewOptions
  readonly #workers: number
  readonly #modules = new Map<number, WebAssembly.Module>()
  #threads: readonly Thread[] = []
  #control: Int32Array | undefined
  #ways: readonly StartThread[]
  #restarts = 0
  #lastExecutable = 0
  #pending: Pending | undefined

  constructor(options: CrewOptions) {
    this.#options = options
    this.#ways = options.ways
    this.#workers = options.threads - (options.canWait ? 1 : 0)
  }

  /** Gives all workers a module whose jobs come later, and returns its number. */
  add(module: WebAssembly.Module): number {
    const executable = ++this.#lastExecutable
    this.#modules.set(executable, module)
    this.#send(executable)
    return executable
  }

  remove(executable: number): void {
    if (this.#modules.delete(executable)) this.#send(executable)
  }

  /**
   * Runs a module on all threads, or on this one where the workers are not there yet.
   *
   * @throws BackendError if a thread breaks off; the promise, where there is one, rejects with it.
   */
  run(job: Job): void | Promise<void> {
    if (this.#options.policy.startMilliseconds > 0) this.#start()
    const control = this.#open()
    control[words.claims] = 0
    if (!this.#isReady(job.isPatient)) {
      job.run(job.table, job.scratch, this.#address, 1, 0)
      this.#start()
      return
    }
    control[words.described] = (control[words.job] ?? 0) + 1
    control[words.executable] = job.executable
    control[words.table] = job.table
    control[words.scratch] = job.scratch
    control[words.threads] = this.#options.threads
    control[words.left] = 0
    this.#wake()
    if (!this.#options.canWait) return this.#answer(control[words.job] ?? 0)
    try {
      job.run(job.table, job.scratch, this.#address, this.#options.threads, 0)
    } catch (cause) {
      this.#breakOff()
      throw faultOf(cause)
    }
  }

  /** Ends the workers. */
  dispose(): void {
    this.#ways = []
    this.#modules.clear()
    this.#stop(new BackendError('wasm.run', { got: 'a backend that was disposed meanwhile' }))
  }

  get #address(): number {
    return this.#open().byteOffset
  }

  #open(): Int32Array {
    const { memory, take } = this.#options
    if (this.#control === undefined) {
      // Before the buffer is asked for, which does not grow with the memory.
      const address = take(controlBytes)
      this.#control = new Int32Array(memory.buffer, address, controlBytes / 4).fill(0)
    }
    return this.#control
  }

  #start(): void {
    const [start] = this.#ways
    if (start === undefined || this.#threads.length > 0) return
    const control = this.#open()
    const hello = { memory: this.#options.memory, control: control.byteOffset, words }
    const first = this.#options.canWait ? 1 : 0
    const crew: Thread[] = []
    const failed = (cause: unknown) => {
      if (this.#threads === crew) this.#lose(cause)
    }
    this.#threads = crew
    Atomics.add(control, words.sent, 1)
    try {
      for (let index = first; index < this.#options.threads; index++) {
        const answered = (answer: Answer) => this.#answered(crew, answer)
        const thread = start({ answered, failed })
        crew.push(thread)
        thread.postMessage({ ...hello, index })
      }
    } catch (cause) {
      failed(cause)
      return
    }
    for (const executable of this.#modules.keys()) this.#send(executable)
  }

  /** Sends a module, or that it is gone, and brings the workers to their messages. */
  #send(executable: number): void {
    if (this.#threads.length === 0) return
    const module = this.#modules.get(executable)
    const message =
      module === undefined ? { executable } : { executable, module, imports: moduleNames }
    // Before the message, so that who has received it never waits for an older count.
    Atomics.add(this.#open(), words.sent, 1)
    for (const thread of this.#threads) thread.postMessage(message)
    if (this.#pending === undefined) this.#wake()
  }

  /** Wakes workers, for a job that is described or to look after their messages. */
  #wake(): void {
    Atomics.add(this.#open(), words.job, 1)
    Atomics.notify(this.#open(), words.job)
  }

  /** Whether all workers have started, and have all modules too unless it is worth the wait. */
  #isReady(isPatient: boolean): boolean {
    if (this.#threads.length === 0) return false
    const { canWait, policy } = this.#options
    const control = this.#open()
    const messages = this.#workers * (control[words.sent] ?? 0)
    const isReady = () =>
      isPatient
        ? Atomics.load(control, words.started) === this.#workers
        : Atomics.load(control, words.received) === messages
    const end = canWait ? performance.now() + policy.startMilliseconds : 0
    while (!isReady()) {
      const rest = end - performance.now()
      if (rest <= 0) return false
      Atomics.wait(control, words.received, Atomics.load(control, words.received), 1)
    }
    return true
  }

  #answer(job: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending = { job, resolve, reject, faults: 0 }
    })
  }

  #answered(crew: readonly Thread[], { job, fault }: Answer): void {
    const pending = this.#pending
    if (crew !== this.#threads || pending === undefined || pending.job !== job) return
    if (fault === undefined) {
      this.#pending = undefined
      // Messages may have been sent while nobody was woken for them.
      this.#wake()
      pending.resolve()
      return
    }
    // All others break off too, as soon as they notice.
    pending.faults++
    if (pending.faults === this.#workers) this.#restart(faultOf(fault))
    else if (pending.faults === 1) {
      setTimeout(() => {
        if (this.#pending === pending) this.#restart(faultOf(fault))
      }, leaveMilliseconds)
    }
  }

  /** Ends the waiting of workers for a job that this thread broke off, and then their lives. */
  #breakOff(): void {
    const control = this.#open()
    Atomics.store(control, words.fault, 1)
    Atomics.add(control, words.generation, 1)
    Atomics.notify(control, words.generation)
    const end = performance.now() + leaveMilliseconds
    const left = () => Atomics.load(control, words.left)
    for (let now = left(); now < this.#workers && performance.now() < end; now = left()) {
      Atomics.wait(control, words.left, now, 10)
    }
    this.#restart()
  }

  /** A worker could not start, or ended. */
  #lose(cause: unknown): void {
    const started = Atomics.load(this.#open(), words.started)
    if (started < this.#workers) this.#ways = this.#ways.slice(1)
    this.#restart(faultOf(cause))
    if (this.#ways.length > 0) this.#start()
    else console.warn(`tensorweft: workers cannot start here, so that one thread is used: ${cause}`)
  }

  #restart(error?: Error): void {
    if (++this.#restarts > maxRestarts) this.#ways = []
    this.#stop(error)
  }

  /** Workers that are ended may live on for a moment: the next ones get words of their own. */
  #stop(error?: Error): void {
    const threads = this.#threads
    const pending = this.#pending
    this.#threads = []
    this.#control = undefined
    this.#pending = undefined
    for (const thread of threads) thread.terminate()
    if (error !== undefined) pending?.reject(error)
  }
}
