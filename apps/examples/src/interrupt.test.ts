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

interface Kill {
  readonly signal: NodeJS.Signals
  /** What the program has said before. */
  readonly after: string
  /** How much later the signal comes. */
  readonly waitMs: number
}

interface Interrupted extends Outcome {
  /** Milliseconds from the first signal to the last one. */
  readonly spanMs: number
}

/** Runs the program and sends it signals. */
async function interrupt(body: string, kills: readonly Kill[]): Promise<Interrupted> {
  let waiting = kills
  let firstAt: number | undefined
  let spanMs = 0
  const outcome = await runProgram({ interrupt: ['handleInterrupts'] }, body, (program, stdout) => {
    const isDue = ({ after }: Kill) => stdout.includes(after)
    for (const { signal, waitMs } of waiting.filter(isDue)) {
      setTimeout(() => {
        firstAt ??= performance.now()
        program.kill(signal)
        spanMs = performance.now() - firstAt
      }, waitMs)
    }
    waiting = waiting.filter((kill) => !isDue(kill))
  })
  return { ...outcome, spanMs }
}

/** A signal and its echo. Where the machine stood still between them it was no echo: once more. */
async function interruptTwice(echoMs: number): Promise<Outcome> {
  for (;;) {
    const outcome = await interrupt(loop, [
      { signal: 'SIGINT', after: 'running', waitMs: 0 },
      { signal: 'SIGINT', after: 'running', waitMs: echoMs },
    ])
    if (outcome.spanMs < 300) return outcome
  }
}

describe('the first signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends the loop, lets the program save, and exits with %i',
    async (signal, exitCode) => {
      const outcome = await interrupt(loop, [{ signal, after: 'running', waitMs: 0 }])
      expect(outcome).toMatchObject({ exitCode, stdout: 'running\nsaved\n', stderr: '' })
      expect(outcome.elapsedMs).toBeLessThan(30_000)
    },
  )

  // The program needs some 6 ms from the signal to its end: the echo comes before, within and after.
  test.each([1, 3, 6, 7, 8, 12, 50])(
    'may arrive again %i ms later, from a runner besides the terminal',
    async (echoMs) => {
      const outcome = await interruptTwice(echoMs)
      expect(outcome).toMatchObject({ exitCode: 130, stdout: 'running\nsaved\n' })
    },
  )
})

describe('the second signal', () => {
  test('ends the program at once', async () => {
    // Long after the first one has come, so that it is no echo.
    const outcome = await interrupt(slowEnd, [
      { signal: 'SIGINT', after: 'running', waitMs: 0 },
      { signal: 'SIGINT', after: 'saved', waitMs: 1000 },
    ])
    expect(outcome).toMatchObject({ exitCode: 130, stdout: 'running\nsaved\n' })
    expect(outcome.elapsedMs).toBeLessThan(30_000)
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
