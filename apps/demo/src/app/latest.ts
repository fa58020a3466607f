import { report } from './errors.ts'

/**
 * Does work for the newest of the requests. What comes while it is at work waits, and of that all but
 * the last is skipped. The user is told of failures.
 */
export function latest<T>(work: (request: T) => Promise<void>): (request: T) => void {
  let next: { readonly request: T } | undefined
  let isBusy = false
  async function run() {
    isBusy = true
    while (next !== undefined) {
      const { request } = next
      next = undefined
      await work(request).catch(report)
    }
    isBusy = false
  }
  return (request) => {
    next = { request }
    if (!isBusy) run()
  }
}
