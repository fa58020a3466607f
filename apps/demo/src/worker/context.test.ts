import { expect, test } from 'vitest'
import { createContext, type Run } from './context.ts'

/** A run that rests when `rest` is called, and what happened to it. */
function slowRun() {
  const { promise: resting, resolve: rest } = Promise.withResolvers<void>()
  let pauses = 0
  const run: Run = {
    pause() {
      pauses++
      return resting
    },
  }
  return { run, rest, pauses: () => pauses }
}

const quickRun = (): Run => ({ pause: async () => {} })

test('a run begins when the one before is at rest', async () => {
  const context = createContext()
  const { run, rest } = slowRun()
  await context.take(run, async () => {})
  let hasBegun = false
  const taken = context.take(quickRun(), async () => {
    hasBegun = true
    return 'done'
  })
  await new Promise((resolve) => setTimeout(resolve))
  expect(hasBegun).toBe(false)
  rest()
  expect(await taken).toBe('done')
})

test('of those that wait only the last begins, and not before all others rest', async () => {
  const context = createContext()
  const { run, rest } = slowRun()
  await context.take(run, async () => {})
  const begun: number[] = []
  const waiting = [1, 2, 3].map((i) => context.take(quickRun(), async () => begun.push(i)))
  await new Promise((resolve) => setTimeout(resolve))
  expect(begun).toEqual([])
  rest()
  expect(await Promise.all(waiting)).toEqual([undefined, undefined, 1])
  expect(begun).toEqual([3])
})

test('a run that goes on is not paused, and asked twice begins once', async () => {
  const context = createContext()
  const { run, pauses } = slowRun()
  let begins = 0
  const begin = async () => {
    begins++
  }
  await Promise.all([context.take(run, begin), context.take(run, begin)])
  expect([begins, pauses()]).toEqual([1, 0])
})
