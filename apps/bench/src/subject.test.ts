import { expect, test } from 'vitest'
import { fakeSubject } from './subject.testing.ts'
import { contend, type Work } from './subject.ts'

function work(log: string[], parts: Partial<Work> = {}): Work {
  return {
    step: async () => {},
    result: async () => [],
    dispose: async () => {
      log.push('dispose')
    },
    ...parts,
  }
}

test('contend activates each subject, then lets it prepare, and keeps those apart who cannot', async () => {
  const log: string[] = []
  const named = (name: string) =>
    fakeSubject({
      name,
      activate: async () => {
        log.push(`activate ${name}`)
      },
    })
  const { contenders, absentees } = await contend([named('a'), named('b')], async ({ name }) => {
    log.push(`prepare ${name}`)
    return name === 'a' ? work(log) : { unsupported: 'has no gradient' }
  })
  expect(log).toEqual(['activate a', 'prepare a', 'activate b', 'prepare b'])
  expect(contenders.map((contender) => contender.subject)).toEqual(['a'])
  expect(absentees).toEqual([{ subject: 'b', reason: 'has no gradient' }])
})

test('contend says who failed, and frees what the others hold', async () => {
  const log: string[] = []
  const subjects = [fakeSubject({ name: 'a' }), fakeSubject({ name: 'b' })]
  const contending = contend(subjects, async ({ name }) => {
    if (name === 'b') throw new Error('no memory')
    return work(log)
  })
  await expect(contending).rejects.toMatchObject({ subject: 'b', message: 'no memory' })
  expect(log).toEqual(['dispose'])
})

test('a contender passes on what its work does, with or without settle', async () => {
  const log: string[] = []
  const settle = async () => {
    log.push('settle')
  }
  for (const parts of [{}, { settle }]) {
    const { contenders } = await contend([fakeSubject({})], async () => work(log, parts))
    await contenders[0]?.settle?.()
    await contenders[0]?.dispose()
  }
  expect(log).toEqual(['dispose', 'settle', 'dispose'])
})
