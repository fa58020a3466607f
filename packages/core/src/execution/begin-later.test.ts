import { beforeEach, describe, expect, test } from 'vitest'
import type { Executable } from '../backend.ts'
import {
  BackendError,
  compile,
  debug,
  OutOfMemoryError,
  Parameter,
  type Plan,
  setBackend,
  type Tensor,
  tensor,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

/** A backend that knows a moment after a run is asked for whether it can. */
class LateBackend extends NaiveBackend {
  /** Thrown instead of the next runs, first by first. */
  readonly refusals: Error[] = []

  override compile(plan: Plan): Executable {
    const executable = super.compile(plan)
    return {
      ...executable,
      run: async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        const refusal = this.refusals.shift()
        if (refusal !== undefined) throw refusal
        await executable.run(...args)
      },
    }
  }
}

let backend: LateBackend

beforeEach(async () => {
  backend = new LateBackend('late')
  await setBackend(backend)
})

const noMemory = () => new OutOfMemoryError('late.run', { got: 'no memory' })
const broken = () => new BackendError('late.run', { got: 'a kernel that does not compile' })

function counter() {
  const count = new Parameter(tensor([0]))
  const step = compile((x: Tensor) => {
    count.assign(count.value.add(x))
    return count.value.mul(10)
  })
  return { count, step }
}

describe('a run that begins later', () => {
  test('gives what one at once would', async () => {
    const { count, step } = counter()
    const results = [1, 2, 3].map((x) => step(tensor([x])))
    const read = count.value.data()
    const values = await Promise.all(results.map((result) => result.data()))
    expect(values.map(([value]) => value)).toEqual([10, 30, 60])
    expect((await read)[0]).toBe(6)
    expect(await tensor([1, 2]).add(1).array()).toEqual([2, 3])
  })

  test('and does not leaves parameters as they were, those updated in place too', async () => {
    const { count, step } = counter()
    await step(tensor([1])).data()
    backend.refusals.push(broken())
    const failed = step(tensor([2]))
    await expect(failed.data()).rejects.toThrow('does not compile')
    expect(await count.value.item()).toBe(1)
    expect(await step(tensor([3])).item()).toBe(40)
  })

  test('and does not is told with the line, and leaves no buffer behind', async () => {
    using _ = debug({ origins: true })
    const x = tensor([1])
    await x.data()
    const before = backend.live.size
    backend.refusals.push(broken())
    await expect(x.add(1).data()).rejects.toThrow(/begin-later\.test\.ts:\d+/)
    expect(backend.live.size).toBe(before)
  })

  test('is tried again where memory is all that it lacks', async () => {
    const { count, step } = counter()
    backend.refusals.push(noMemory(), noMemory())
    expect(await step(tensor([1])).item()).toBe(10)
    expect(await count.value.item()).toBe(1)
  })

  test('and does not is told by the next read where it has no result', async () => {
    const count = new Parameter(tensor([0]))
    const step = compile((x: Tensor) => {
      count.assign(count.value.add(x))
    })
    backend.refusals.push(broken())
    step(tensor([1]))
    await expect(count.value.data()).rejects.toThrow('does not compile')
    expect(await count.value.item()).toBe(0)
    step(tensor([5]))
    expect(await count.value.item()).toBe(5)
  })
})
