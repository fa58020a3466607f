import { expect, test } from 'vitest'
import { Timeline } from './timeline.ts'

test('jobs run at once while nothing is under way', () => {
  const timeline = new Timeline()
  const done: number[] = []
  timeline.enqueue(() => void done.push(1))
  timeline.enqueue(() => void done.push(2))
  expect(done).toEqual([1, 2])
  expect(timeline.isIdle).toBe(true)
  expect(() =>
    timeline.enqueue(() => {
      throw new Error('at once')
    }),
  ).toThrow('at once')
})

test('jobs wait for one that takes time, in order', async () => {
  const timeline = new Timeline()
  const done: number[] = []
  const wait = (milliseconds: number) => new Promise<void>((go) => setTimeout(go, milliseconds))
  timeline.enqueue(() => wait(20).then(() => void done.push(1)))
  timeline.enqueue(() => void done.push(2))
  timeline.enqueue(() => wait(5).then(() => void done.push(3)))
  const last = timeline.run(() => done.push(4))
  expect(done).toEqual([])
  expect(timeline.isIdle).toBe(false)
  expect(await last).toBe(4)
  expect(done).toEqual([1, 2, 3, 4])
  await wait(0)
  expect(timeline.isIdle).toBe(true)
})

test('a result that fails is a rejection, and the next job runs', async () => {
  const timeline = new Timeline()
  const fail = () => {
    throw new Error('no result')
  }
  await expect(timeline.run(fail)).rejects.toThrow('no result')
  expect(await timeline.run(() => 5)).toBe(5)
})
