import { expect, test } from 'vitest'
import { loadSubjects } from './load-subjects.ts'
import { fakeSubject } from './subject.testing.ts'

test('loads what can use several threads once for each count, all else once', async () => {
  const loaders = [false, true].map(
    (threaded) => async (options: { threads: number }) =>
      fakeSubject({ name: threaded ? 'threaded' : 'single', threaded, options }),
  )
  const subjects = await loadSubjects(loaders, [1, 2, 3])
  expect(subjects.map(({ name, options }) => [name, options.threads])).toEqual([
    ['single', 1],
    ['threaded', 1],
    ['threaded', 2],
    ['threaded', 3],
  ])
})
