import { describe, expect, test, vi } from 'vitest'
import {
  type Backend,
  compile,
  currentBackend,
  registerBackend,
  registeredBackends,
  setBackend,
  type Tensor,
  tensor,
  withBackend,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

/** Core as it is in a program that has set and registered no backend yet. */
const freshCore = () => {
  vi.resetModules()
  return import('../index.ts')
}

/** A factory whose backend comes, or does not, when the test says so. */
function pendingFactory() {
  let made: (backend: Backend) => void = () => {}
  let failed: (error: Error) => void = () => {}
  const backend = new Promise<Backend>((resolve, reject) => {
    made = resolve
    failed = reject
  })
  return { factory: () => backend, made, failed }
}

test('without a backend a read and a compiled call say what to add', async () => {
  const { BackendError, compile, currentBackend, tensor } = await freshCore()
  const message =
    /^read: no backend is set\.\n {2}Hint: install @tensorweft\/backend-cpu, .*setBackend\(cpu\(\)\)/
  expect(() => currentBackend()).toThrow(BackendError)
  await expect(tensor([1]).neg().data()).rejects.toThrow(message)
  await expect(tensor([1]).data()).rejects.toThrow(message)
  expect(() => compile((x: Tensor) => x.neg())(tensor([1]))).toThrow(message)
})

test('building graphs needs no backend', () => {
  expect(
    tensor([1, 2])
      .add(1)
      .matmul(tensor([1, 2])).shape,
  ).toEqual([])
})

describe('setBackend', () => {
  test('takes an instance', async () => {
    const backend = new NaiveBackend()
    expect(await setBackend(backend)).toBe(backend)
    expect(currentBackend()).toBe(backend)
  })

  test('takes effect at once, before it is awaited, for an instance', () => {
    const backend = new NaiveBackend()
    void setBackend(backend)
    expect(currentBackend()).toBe(backend)
  })

  test('called twice leaves the later choice, whichever is there first', async () => {
    const { factory, made } = pendingFactory()
    registerBackend('slow', factory)
    const [early, late] = [new NaiveBackend('early'), new NaiveBackend('late')]
    const first = setBackend('slow')
    await setBackend(late)
    made(early)
    expect(await first).toBe(early)
    expect(currentBackend()).toBe(late)
    // A choice that fails is none.
    const again = setBackend('slow')
    await expect(setBackend('nowhere')).rejects.toThrow("the name 'nowhere'")
    await again
    expect(currentBackend()).toBe(early)
  })

  test('of an unknown name lists the known ones and changes nothing', async () => {
    const { currentBackend, registerBackend, setBackend } = await freshCore()
    const before = await setBackend(new NaiveBackend())
    await expect(setBackend('cpu')).rejects.toThrow(
      "setBackend: the name 'cpu'; wanted a registered name; none is.\n" +
        '  Hint: pass a backend, or register one with registerBackend(name, factory)',
    )
    registerBackend('mine', () => new NaiveBackend())
    await expect(setBackend('cpu')).rejects.toThrow("the name 'cpu'; wanted one of mine.")
    expect(currentBackend()).toBe(before)
  })
})

describe('registerBackend', () => {
  test('creates a backend when its name is first used, and once', async () => {
    let created = 0
    registerBackend('lazy', async () => {
      created++
      return new NaiveBackend('lazy')
    })
    expect(registeredBackends()).toContain('lazy')
    expect(created).toBe(0)
    const [a, b] = await Promise.all([setBackend('lazy'), setBackend('lazy')])
    expect([created, a === b, a.name]).toEqual([1, true, 'lazy'])
  })

  test('of a known name replaces its factory', async () => {
    registerBackend('lazy', () => new NaiveBackend('lazy'))
    await setBackend('lazy')
    registerBackend('lazy', () => new NaiveBackend('other'))
    expect((await setBackend('lazy')).name).toBe('other')
    expect(registeredBackends().filter((name) => name === 'lazy')).toHaveLength(1)
  })

  test('keeps what the new factory made when the old one fails later', async () => {
    const { factory, failed } = pendingFactory()
    registerBackend('replaced', factory)
    const old = setBackend('replaced')
    registerBackend('replaced', () => new NaiveBackend('replaced'))
    const made = await setBackend('replaced')
    failed(new Error('no adapter'))
    await expect(old).rejects.toThrow('no adapter')
    expect(await setBackend('replaced')).toBe(made)
  })

  test('asks again after a factory has failed', async () => {
    let isThere = false
    registerBackend('flaky', () => {
      if (!isThere) throw new Error('no adapter')
      return new NaiveBackend('flaky')
    })
    const before = await setBackend(new NaiveBackend())
    await expect(setBackend('flaky')).rejects.toThrow('no adapter')
    expect(currentBackend()).toBe(before)
    isThere = true
    expect((await setBackend('flaky')).name).toBe('flaky')
  })
})

describe('withBackend', () => {
  test('computes what its body reads or calls, and nothing else', async () => {
    const [outer, inner] = [new NaiveBackend('outer'), new NaiveBackend('inner')]
    await setBackend(outer)
    const step = compile((x: Tensor) => x.mul(2))
    const [read, called] = await withBackend(inner, () =>
      Promise.all([tensor([1]).neg().array(), step(tensor([3])).array()]),
    )
    expect([read, called]).toEqual([[-1], [6]])
    expect(currentBackend()).toBe(outer)
    expect([inner.runs.length > 0, outer.runs.length]).toEqual([true, 0])
    await tensor([1]).abs().data()
    expect(outer.runs.length).toBeGreaterThan(0)
  })

  test('takes a name', async () => {
    registerBackend('named', () => new NaiveBackend('named'))
    expect(await withBackend('named', () => currentBackend().name)).toBe('named')
    await expect(withBackend('nowhere', () => 1)).rejects.toThrow("withBackend: the name 'nowhere'")
  })

  test('covers the synchronous part of its body only', async () => {
    const [outer, inner] = [new NaiveBackend('outer'), new NaiveBackend('inner')]
    await setBackend(outer)
    const seen: Backend[] = []
    await withBackend(inner, async () => {
      seen.push(currentBackend())
      await Promise.resolve()
      seen.push(currentBackend())
    })
    expect(seen).toEqual([inner, outer])
  })

  test('ends where its body throws', async () => {
    const outer = await setBackend(new NaiveBackend('outer'))
    const failing = withBackend(new NaiveBackend('inner'), () => {
      throw new Error('body')
    })
    await expect(failing).rejects.toThrow('body')
    expect(currentBackend()).toBe(outer)
  })

  test('may be nested', async () => {
    const [a, b] = [new NaiveBackend('a'), new NaiveBackend('b')]
    const names = await withBackend(a, async () => {
      const inner = withBackend(b, () => currentBackend().name)
      return [currentBackend().name, await inner]
    })
    expect(names).toEqual(['a', 'b'])
  })
})
