import { describe, expect, test } from 'vitest'
import { checkContenders } from './check.ts'
import { SubjectError } from './errors.ts'
import type { Contender } from './subject.ts'

function counting(subject: string, log: string[]): Contender {
  let count = 0
  return {
    subject,
    activate: async () => {
      log.push(`activate ${subject}`)
    },
    step: async () => {
      count++
    },
    settle: async () => {
      log.push(`settle ${subject}`)
    },
    result: async () => [count],
    dispose: async () => {},
  }
}

describe('checkContenders', () => {
  const tolerance = { relative: 0, absolute: 0 }

  test('compares the results of the first steps in a row, one contender after the other', async () => {
    const log: string[] = []
    const contenders = [counting('a', log), counting('b', log)]
    const expectation = { where: 'counting', steps: 2, expected: [1, 2], tolerance }
    const elapsedMs = await checkContenders(contenders, expectation)
    expect(elapsedMs.every((ms) => ms >= 0)).toBe(true)
    expect(elapsedMs).toHaveLength(2)
    expect(log).toEqual(
      ['a', 'b'].flatMap((name) => [`activate ${name}`, ...Array(2).fill(`settle ${name}`)]),
    )
  })

  test('refuses a difference and names the subject', async () => {
    const expectation = { where: 'counting', steps: 2, expected: [1, 3], tolerance }
    const checking = checkContenders([counting('a', [])], expectation)
    await expect(checking).rejects.toThrow(SubjectError)
    await expect(checking).rejects.toThrow(/^counting, a: computed 2 at 1/)
  })
})
