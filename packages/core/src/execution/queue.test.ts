import { describe, expect, test } from 'vitest'
import { drained, enqueue } from './queue.ts'

const never = (error: unknown) => {
  throw error
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (e: unknown) => void } {
  let resolve = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

describe('the queue', () => {
  test('runs jobs at once while nothing waits', async () => {
    const done: number[] = []
    enqueue(() => void done.push(1), never)
    enqueue(() => void done.push(2), never)
    expect(done).toEqual([1, 2])
    await drained()
  })

  test('keeps the order behind a job that waits', async () => {
    const done: number[] = []
    const gate = deferred()
    enqueue(async () => {
      await gate.promise
      done.push(1)
    }, never)
    enqueue(() => void done.push(2), never)
    enqueue(async () => {
      await Promise.resolve()
      done.push(3)
    }, never)
    enqueue(() => void done.push(4), never)
    expect(done).toEqual([])
    gate.resolve()
    await drained()
    expect(done).toEqual([1, 2, 3, 4])
    enqueue(() => void done.push(5), never)
    expect(done).toEqual([1, 2, 3, 4, 5])
  })

  test('throws what a job throws that did not wait, tells of one that did, and goes on', async () => {
    expect(() =>
      enqueue(() => {
        throw new Error('now')
      }, never),
    ).toThrow('now')
    const gate = deferred()
    const failures: unknown[] = []
    const failed = (error: unknown) => void failures.push(error)
    let isDone = false
    enqueue(() => gate.promise, failed)
    enqueue(() => {
      throw new Error('later')
    }, failed)
    enqueue(() => {
      isDone = true
    }, failed)
    gate.reject(new Error('gate'))
    await drained()
    expect(failures).toEqual([new Error('gate'), new Error('later')])
    expect(isDone).toBe(true)
  })
})
