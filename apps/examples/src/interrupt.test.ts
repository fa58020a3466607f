import { describe, expect, test } from 'vitest'
import { type Outcome, runProgram } from './program.testing.ts'

/** A loop of pure computation, 5 ms a step, that would run for a minute. */
const loop = `
  using interruption = handleInterrupts()
  let steps = 0
  for (; steps < 12_000; steps++) {
    const end = performance.now() + 5
    while (performance.now() < end);
    if (steps === 10) console.log('running')
    await new Promise((resolve) => setImmediate(resolve))
    if (interruption.signal.aborted) break
  }
  console.log(interruption.signal.aborted ? 'saved' : 'finished')`

/** A program that takes its time to end after it was asked to. */
const slowEnd = `${loop}
  await new Promise((resolve) => setTimeout(resolve, 30_000))
  console.log('ended')`

/** Runs the program and kills it with `signals`, each so many milliseconds after "running". */
function interrupt(
  body: string,
  signals: readonly (readonly [NodeJS.Signals, number])[],
): Promise<Outcome> {
  let sent = false
  return runProgram({ interrupt: ['handleInterrupts'] }, body, (pid, stdout) => {
    if (sent || !stdout.includes('running')) return
    sent = true
    for (const [signal, afterMs] of signals) setTimeout(() => process.kill(pid, signal), afterMs)
  })
}

describe('the first signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends the loop, lets the program save, and exits with %i',
    async (signal, exitCode) => {
      const outcome = await interrupt(loop, [[signal, 0]])
      expect(outcome).toMatchObject({ exitCode, stdout: 'running\nsaved\n', stderr: '' })
      expect(outcome.elapsedMs).toBeLessThan(10_000)
    },
  )

  // The program needs some 6 ms from the signal to its end: the echo comes before, within and after.
  test.each([1, 3, 6, 7, 8, 12, 50])(
    'may arrive again %i ms later, from a runner besides the terminal',
    async (echoMs) => {
      const outcome = await interrupt(loop, [
        ['SIGINT', 0],
        ['SIGINT', echoMs],
      ])
      expect(outcome).toMatchObject({ exitCode: 130, stdout: 'running\nsaved\n' })
    },
  )
})

describe('the second signal', () => {
  test('ends the program at once', async () => {
    const outcome = await interrupt(slowEnd, [
      ['SIGINT', 0],
      ['SIGINT', 1500],
    ])
    expect(outcome).toMatchObject({ exitCode: 130, stdout: 'running\nsaved\n' })
    expect(outcome.elapsedMs).toBeLessThan(15_000)
  })
})

describe('without a signal', () => {
  test('the program ends as ever and gives the signals back', async () => {
    const short = loop.replace('12_000', '20')
    const body = `{ ${short} }\nconsole.log(process.listenerCount('SIGINT'), process.listenerCount('SIGTERM'))`
    const outcome = await interrupt(body, [])
    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'running\nfinished\n0 0\n' })
  })
})
