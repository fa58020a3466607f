import { expect, test } from 'vitest'
import { backends } from '../subjects/tensorweft/index.ts'
import { measureOwnTime } from './own-time.ts'

async function subjectOf(name: string) {
  const subject = await backends.get(name)?.({ threads: 1 })
  if (subject === undefined) throw new Error(`no backend ${name}`)
  return subject
}

/** A clock that goes on by so many milliseconds whenever it is read. */
function clockOf(tickMs: number): () => number {
  let now = 0
  return () => {
    now += tickMs
    return now
  }
}

test.each([
  ['all of them in bursts', 1, 3],
  ['fewer where they take long', 1000, 1],
])('steps run on a device that does nothing, %s', async (_, tickMs, bursts) => {
  const subject = await subjectOf('webgpu-null')
  let enqueued = 0
  let finished = 0
  const counted: typeof subject = {
    ...subject,
    async mlp(problem) {
      const work = await subject.mlp(problem)
      const { queue } = work
      if (queue === undefined) throw new Error('steps that can be queued')
      const enqueue = () => {
        enqueued++
        queue.enqueue()
      }
      const finish = () => {
        finished++
        return queue.finish()
      }
      return { ...work, queue: { enqueue, finish } }
    },
  }
  const own = await measureOwnTime(counted, { bursts: 3, steps: 5 }, clockOf(tickMs))
  expect(own.subject).toBe('tensorweft/webgpu-null')
  expect(own.microsecondsPerStep).toBe((tickMs * 1000) / 5)
  expect([enqueued, finished]).toEqual([5 * bursts, bursts])
  await subject.dispose()
})

test('a subject that computes in its calls has none', async () => {
  const subject = await subjectOf('cpu')
  const waiting: typeof subject = {
    ...subject,
    mlp: async (problem) => ({ ...(await subject.mlp(problem)), queue: undefined }),
  }
  const own = await measureOwnTime(waiting, { bursts: 1, steps: 1 })
  expect(own.microsecondsPerStep).toBeUndefined()
  await subject.dispose()
})
