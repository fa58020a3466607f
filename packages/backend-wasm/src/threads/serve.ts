import type { words as controlWords } from './control.ts'

/** The first message to a thread. */
export interface Hello {
  readonly memory: WebAssembly.Memory
  /** Address of the control block. */
  readonly control: number
  readonly words: typeof controlWords
  /** Number of the thread in its crew. */
  readonly index: number
}

/** A module to keep for jobs, or, without one, a module to forget. */
export interface ModuleMessage {
  readonly executable: number
  readonly module?: WebAssembly.Module
  readonly imports?: { readonly module: string; readonly memory: string; readonly run: string }
}

/** What a thread says: the first of a crew after each job, any that broke off. */
export interface Answer {
  readonly job: number
  readonly fault?: string
}

/** The side of a message channel that a worker sees. */
export interface Port {
  addEventListener(
    type: 'message',
    listener: (event: { readonly data: Hello | ModuleMessage }) => void,
  ): void
  postMessage(message: Answer): void
}

/**
 * What a worker does, see `control.ts`. The text of this function is the program of the worker:
 * it must not refer to anything outside.
 */
export function serve(port: Port): void {
  type Run = (...numbers: readonly number[]) => void
  const runs = new Map<number, Run>()
  let hello: Hello | undefined
  let received = 0
  let done = 0

  /** Ends the waiting of all others. */
  const breakOff = (control: Int32Array, words: Hello['words']) => {
    Atomics.store(control, words.fault, 1)
    Atomics.add(control, words.generation, 1)
    Atomics.notify(control, words.generation)
  }

  const run = (control: Int32Array, { words, control: address, index }: Hello, job: number) => {
    const word = (place: number) => Atomics.load(control, place)
    const known = runs.get(word(words.executable))
    if (word(words.described) !== job || known === undefined) return
    let fault: string | undefined
    try {
      known(word(words.table), word(words.scratch), address, word(words.threads), index)
    } catch (error) {
      fault = String(error)
      breakOff(control, words)
    }
    Atomics.add(control, words.left, 1)
    Atomics.notify(control, words.left)
    if (fault !== undefined) port.postMessage({ job, fault })
    else if (index === 0) port.postMessage({ job })
  }

  /** Does jobs until there is a message. */
  const work = (control: Int32Array, hello: Hello) => {
    const { words } = hello
    for (;;) {
      const job = Atomics.load(control, words.job)
      // A job may be one of a module that is still to come.
      if (Atomics.load(control, words.sent) !== received) return
      if (job !== done) {
        done = job
        run(control, hello, job)
        continue
      }
      let turns = 2000
      while (turns > 0 && Atomics.load(control, words.job) === job) turns--
      if (turns === 0) Atomics.wait(control, words.job, job)
    }
  }

  const keep = (
    { executable, module, imports: names }: ModuleMessage,
    memory: WebAssembly.Memory,
  ) => {
    runs.delete(executable)
    if (module === undefined || names === undefined) return
    const imports = { [names.module]: { [names.memory]: memory } }
    const start = new WebAssembly.Instance(module, imports).exports[names.run]
    if (typeof start === 'function') runs.set(executable, (...args) => start(...args))
  }

  port.addEventListener('message', ({ data }) => {
    if ('memory' in data) hello = data
    if (hello === undefined) return
    const { words, memory } = hello
    const control = new Int32Array(memory.buffer, hello.control)
    try {
      if (!('memory' in data)) keep(data, memory)
    } catch (error) {
      breakOff(control, words)
      throw error
    }
    if (++received === 1) Atomics.add(control, words.started, 1)
    Atomics.add(control, words.received, 1)
    Atomics.notify(control, words.received)
    work(control, hello)
  })
}
