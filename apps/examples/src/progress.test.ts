import { PassThrough } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { runProgram } from './program.testing.ts'
import { startProgress } from './progress.ts'

/** A stream that keeps what is written to it, a terminal or not. */
function recorder(isTTY: boolean, columns = 120) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns })
  const written: string[] = []
  stream.on('data', (chunk: Buffer) => written.push(String(chunk)))
  return { stream, written }
}

/** Shows 600 steps of 100 samples, 2 ms each by the bar's clock, and stops halfway. */
function halfAnEpoch(isTTY: boolean, { columns = 120, costs = true } = {}): string[] {
  vi.useFakeTimers()
  try {
    const { stream, written } = recorder(isTTY, columns)
    let elapsedMs = 0
    const progress = startProgress(2, 600, { stream, now: () => elapsedMs })
    for (let step = 1; step <= 300; step++) {
      elapsedMs += 2
      vi.advanceTimersByTime(2)
      if (costs) progress.advance(100, 1 / step)
      else progress.advance(100)
    }
    progress.stop()
    return written
  } finally {
    vi.useRealTimers()
  }
}

describe('on a terminal', () => {
  test('shows steps, samples per second, time left and cost', () => {
    const lines = halfAnEpoch(true).filter((text) => text.startsWith('Epoch'))
    expect(lines[0]).toMatch(/^Epoch 0002 \[-{30}\] 0\/600 steps$/)
    expect(lines.at(-1)).toBe(
      'Epoch 0002 [===============---------------] 300/600 steps, 50000 samples/s, 1 s left, cost 0.003',
    )
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.length).toBeLessThan(20)
  })

  test('removes the line at the end', () => {
    expect(halfAnEpoch(true).slice(-2)).toEqual(['\u001b[1G', '\u001b[2K'])
  })

  test('leaves the cursor and the wrapping of lines alone', () => {
    expect(halfAnEpoch(true).join('')).not.toContain('\u001b[?')
  })

  test.each([
    [80, 'Epoch 0002 [=======------] 300/600 steps, 50000 samples/s, 1 s left, cost 0.003'],
    [60, 'Epoch 0002 [] 300/600 steps, 50000 samples/s, 1 s left, cos'],
  ])('fits %i columns', (columns, last) => {
    const lines = halfAnEpoch(true, { columns }).filter((text) => text.startsWith('Epoch'))
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns)
    expect(lines.at(-1)).toBe(last)
  })

  test('shows no cost where none was read', () => {
    expect(halfAnEpoch(true, { costs: false }).join('')).not.toContain('cost')
  })
})

describe('elsewhere', () => {
  test('writes nothing', () => {
    expect(halfAnEpoch(false)).toEqual([])
  })

  test('leaves the output of a program in a pipe as it is', async () => {
    const outcome = await runProgram(
      { progress: ['startProgress'] },
      `const progress = startProgress(1, 2)
      progress.advance(100, 0.5)
      console.log('step')
      progress.stop()`,
    )
    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'step\n', stderr: '' })
  })
})
