interface Port {
  onmessage: (() => void) | null
  postMessage(message: null): void
  close(): void
}

declare const setImmediate: ((callback: () => void) => unknown) | undefined
declare const MessageChannel: (new () => { readonly port1: Port; readonly port2: Port }) | undefined
declare const setTimeout: (callback: () => void, delayMs: number) => unknown

// As it is when this is loaded: with the fake timers of a test one would wait for ever.
const enqueueTask = chooseQueue()

/** Waits for the next turn of the event loop. */
export function nextTask(): Promise<void> {
  return new Promise(enqueueTask)
}

/** Timers come last: browsers hold them back, up to a second where nobody is looking. */
function chooseQueue(): (task: () => void) => void {
  if (typeof setImmediate === 'function') return setImmediate
  if (typeof MessageChannel !== 'function') {
    const later = setTimeout
    return (task) => later(task, 0)
  }
  const Channel = MessageChannel
  return (task) => {
    const { port1, port2 } = new Channel()
    port1.onmessage = () => {
      port1.close()
      task()
    }
    port2.postMessage(null)
  }
}
