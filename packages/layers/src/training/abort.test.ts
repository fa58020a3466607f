import { describe, expect, test } from 'vitest'
import { untilAborted } from './abort.ts'

describe('what comes as the signal is aborted', () => {
  test.each([0, 1, 2, 3, 4, 5, 6])('is given or let go of, never both: %i', async (later) => {
    const controller = new AbortController()
    const released: string[] = []
    const awaited = Promise.resolve('batch')
    const waiting = untilAborted(controller.signal, awaited, (late) => void released.push(late))
    const given: string[] = []
    const ended = waiting.then(
      (batch) => void given.push(batch),
      (reason) => expect(reason).toBe(controller.signal.reason),
    )
    for (let turn = 0; turn < later; turn++) await undefined
    controller.abort()
    await ended
    await awaited
    expect([...given, ...released]).toEqual(['batch'])
  })
})
