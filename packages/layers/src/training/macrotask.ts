// What hosts have for the next turn of the event loop; the package sees none of their types.
declare const setImmediate: ((callback: () => void) => unknown) | undefined
declare const MessageChannel: (new () => Channel) | undefined
declare const setTimeout: ((callback: () => void, delayMs: number) => unknown) | undefined

interface Channel {
  readonly port1: { onmessage: ((event: unknown) => void) | null; close(): void }
  readonly port2: { postMessage(message: unknown): void }
}

/**
 * Resolves in another turn of the event loop, so that finalisers, signals and the page get theirs.
 */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    // Browsers delay nested timers by milliseconds, messages not.
    else if (typeof MessageChannel === 'function') postMessage(new MessageChannel(), resolve)
    else if (typeof setTimeout === 'function') setTimeout(resolve, 0)
    else resolve()
  })
}

function postMessage({ port1, port2 }: Channel, received: () => void): void {
  port1.onmessage = () => {
    port1.close()
    received()
  }
  port2.postMessage(undefined)
}
