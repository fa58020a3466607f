import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BackendError } from '@tensorweft/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { wasmWith } from '../wasm-backend.ts'
import { eager } from './eager.testing.ts'
import { far, Picks } from './pick.testing.ts'
import { type StartThread, type Thread, waysToStart } from './platform.ts'

/** The ways of the platform, and the workers that they start. */
function watchedWays() {
  const started: Thread[] = []
  const ended: Thread[] = []
  const ways = waysToStart().map((start): StartThread => {
    return (events) => {
      const thread = start(events)
      const own: Thread = {
        postMessage: (message) => thread.postMessage(message),
        terminate() {
          ended.push(own)
          return thread.terminate()
        },
      }
      started.push(own)
      return own
    }
  })
  return { ways, started, ended }
}

/** A backend that picks elements, and the workers that it starts. */
function setUp(policy = eager) {
  const { ways, started, ended } = watchedWays()
  const backend = wasmWith({ threads: 3 }, policy, ways)
  const picks = new Picks(backend)
  const { numbers, size } = picks
  const pick = (at: (k: number) => number) => picks.pick(at)
  return { backend, pick, started, ended, numbers, size }
}

function sleepWithoutEvents(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

describe('a thread that breaks off', () => {
  test('is an error of the run, after which all goes on', async () => {
    const { backend, pick, started, ended, numbers, size } = setUp()
    expect(await pick((k) => k)).toEqual(numbers)
    for (const bad of [0, size / 2, size - 1]) {
      await expect(pick((k) => (k === bad ? far : k))).rejects.toThrow(BackendError)
      expect(await pick((k) => k)).toEqual(numbers)
    }
    expect(started).toHaveLength(8)
    expect(ended).toHaveLength(6)
    await backend.dispose()
    expect(ended).toHaveLength(8)
  })

  test('too often leaves one thread', async () => {
    const { pick, started, ended, numbers } = setUp()
    for (let time = 0; time < 6; time++) {
      await expect(pick(() => far)).rejects.toThrow()
      expect(await pick((k) => k)).toEqual(numbers)
    }
    expect(started).toHaveLength(8)
    expect(ended).toHaveLength(8)
  })
})

describe('a worker that dies', () => {
  test('between runs is replaced', async () => {
    const { backend, pick, started, numbers, size } = setUp()
    expect(await pick((k) => k)).toEqual(numbers)
    await started[0]?.terminate()
    await vi.waitFor(() => expect(started).toHaveLength(4), 60_000)
    expect(await pick((k) => size - 1 - k)).toEqual(numbers.toReversed())
    await backend.dispose()
  })

  test('unnoticed is an error of the run that waits for it', async () => {
    const { backend, pick, started, numbers } = setUp({ ...eager, patience: 1 })
    expect(await pick((k) => k)).toEqual(numbers)
    void started[0]?.terminate()
    // Long enough for it to be gone on a busy machine too.
    sleepWithoutEvents(2000)
    await expect(pick((k) => k)).rejects.toThrow(/broke off/)
    expect(await pick((k) => k)).toEqual(numbers)
    await backend.dispose()
  })
})

describe('workers that cannot start', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const ways: Readonly<Record<string, StartThread>> = {
    'an exception': () => {
      throw new Error('no workers here')
    },
    'an event': (events) => {
      setTimeout(() => events.failed('no workers here'))
      return { postMessage() {}, terminate() {} }
    },
  }

  test.each(Object.entries(ways))('known by %s, leave one thread', async (_, way) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const backend = wasmWith({ threads: 2 }, { ...eager, startMilliseconds: 0 }, [way, way])
    const picks = new Picks(backend)
    expect(await picks.pick((k) => picks.size - 1 - k)).toEqual(picks.numbers.toReversed())
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce(), 60_000)
    expect(warn.mock.lastCall?.[0]).toContain('no workers here')
  })
})

test('a backend that nobody has any more ends its workers', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const use = async () => {
    const { pick, ended, started } = setUp()
    await pick((k) => k)
    return { ended, started }
  }
  const { ended, started } = await use()
  await vi.waitFor(() => {
    collect()
    expect(started).toHaveLength(2)
    expect(ended).toHaveLength(2)
  }, 60_000)
})

test('a program with threads ends by itself', () => {
  const program = fileURLToPath(new URL('program.testing.ts', import.meta.url))
  const args = ['--conditions=@tensorweft/source', program]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { timeout: 60_000 })
  expect(String(stderr)).toBe('')
  expect(String(stdout)).toBe('3 threads\n')
  expect(status).toBe(0)
})
