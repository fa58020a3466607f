import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Backend } from '../backend.ts'
import type { Tensor } from '../graph/tensor.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeEach(() => {
  vi.resetModules()
})

/** Core as it is in a program that has set no backend yet. */
const freshCore = () => import('../index.ts')

/** A factory that gives its backend, or fails, when it is told to. */
function gate() {
  let open: (backend: Backend) => void = () => {}
  let fail: (error: Error) => void = () => {}
  const made = new Promise<Backend>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  let calls = 0
  const factory = () => {
    calls++
    return made
  }
  return { open, fail, factory, calls: () => calls }
}

/** Time for what waits on promises alone. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the default backend', () => {
  test('is made once, at the first read, and then is the current one', async () => {
    const { currentBackend, setDefaultBackend, tensor } = await freshCore()
    const { factory, calls, open } = gate()
    setDefaultBackend(factory)
    const x = tensor([1, 2]).add(1)
    await turn()
    expect(calls()).toBe(0)
    const reads = Promise.all([x.array(), x.sum().item()])
    const backend = new NaiveBackend()
    open(backend)
    expect(await reads).toEqual([[2, 3], 5])
    expect(currentBackend()).toBe(backend)
    expect(calls()).toBe(1)
  })

  test('is waited for by compiled calls and reads in their order', async () => {
    const { compile, Parameter, setDefaultBackend, tensor } = await freshCore()
    const { factory, calls, open } = gate()
    setDefaultBackend(factory)
    const total = new Parameter(tensor(0))
    const step = compile((x: Tensor) => {
      total.assign(total.value.mul(2).add(x))
      return total.value
    })
    const first = step(1)
    const middle = total.value.item()
    const last = [step(1), step(1)]
    await turn()
    expect(calls()).toBe(1)
    const backend = new NaiveBackend()
    open(backend)
    expect([await first.item(), await middle, await last[1]?.item()]).toEqual([1, 1, 7])
    expect(await last[0]?.item()).toBe(3)
    expect(await total.value.item()).toBe(7)
    // Two kinds of step: the value that was read in between is kept, the others are overwritten.
    const steps = backend.runs.filter(({ scalars }) => scalars.length === 1)
    expect(steps.length).toBe(3)
    expect(
      steps.map(({ outputs }) => outputs.some(({ donated }) => donated !== undefined)),
    ).toEqual([true, false, true])
  })

  test('that cannot be made fails the reads, and is asked for again', async () => {
    const { setDefaultBackend, tensor } = await freshCore()
    const { factory, calls, fail } = gate()
    setDefaultBackend(factory)
    const reads = [tensor([1]).neg().data(), tensor([2]).array()]
    fail(new Error('no backend here'))
    for (const read of reads) await expect(read).rejects.toThrow('no backend here')
    expect(calls()).toBe(1)
    await expect(tensor([1]).neg().data()).rejects.toThrow('no backend here')
    expect(calls()).toBe(2)
  })

  test('that cannot be made leaves parameters as they were', async () => {
    const { compile, Parameter, setBackend, setDefaultBackend, tensor } = await freshCore()
    const { factory, fail } = gate()
    setDefaultBackend(factory)
    const count = new Parameter(tensor(1))
    const step = compile(() => count.assign(count.value.add(1)))
    step()
    step()
    fail(new Error('no backend here'))
    await expect(count.value.item()).rejects.toThrow('no backend here')
    await turn()
    await setBackend(new NaiveBackend())
    step()
    expect(await count.value.item()).toBe(2)
  })

  test('is no current backend before it is there', async () => {
    const { compile, currentBackend, explain, setDefaultBackend, tensor } = await freshCore()
    setDefaultBackend(() => new NaiveBackend())
    const message = /^read: the default backend is not there yet[\s\S]*setBackend/
    expect(() => currentBackend()).toThrow(message)
    const step = compile((x: Tensor) => x.mul(2))
    expect(() => explain(step, tensor([1]))).toThrow(message)
    await step(1).item()
    expect(explain(step, tensor([1]))).toContain('mul')
  })

  test('is made for a profile too', async () => {
    const { compile, profile, setDefaultBackend, tensor } = await freshCore()
    setDefaultBackend(() => new NaiveBackend())
    expect(
      await profile(
        compile((x: Tensor) => x.mul(2)),
        tensor([1]),
      ),
    ).toHaveLength(1)
  })

  test('does not keep withBackend from its own', async () => {
    const { setDefaultBackend, tensor, withBackend } = await freshCore()
    const { factory, calls } = gate()
    setDefaultBackend(factory)
    const inner = new NaiveBackend('inner')
    expect(await withBackend(inner, () => tensor([1]).neg().array())).toEqual([-1])
    expect([inner.runs.length, calls()]).toEqual([1, 0])
  })

  test('gives way to one that is set while it is being made', async () => {
    const { currentBackend, setBackend, setDefaultBackend, tensor } = await freshCore()
    const { factory, open } = gate()
    setDefaultBackend(factory)
    const [made, set] = [new NaiveBackend('made'), new NaiveBackend('set')]
    const before = tensor([1]).neg().array()
    await setBackend(set)
    const after = tensor([2]).neg().array()
    open(made)
    expect(await Promise.all([before, after])).toEqual([[-1], [-2]])
    expect([made.runs.length, set.runs.length]).toEqual([1, 1])
    expect(currentBackend()).toBe(set)
  })

  test('is made for a loop that never reads, and bounds it from then on', async () => {
    const { setDefaultBackend, tensor } = await freshCore()
    const backend = new NaiveBackend()
    setDefaultBackend(() => backend)
    let x = tensor([1, 2])
    for (let i = 0; i < 2500; i++) x = x.add(1)
    expect(backend.runs.length).toBe(0)
    await turn()
    x = x.add(1)
    expect(backend.runs.length).toBe(1)
    expect(await x.array()).toEqual([2502, 2503])
  })
})
