import { beforeEach, describe, expect, test } from 'vitest'
import { Parameter, realize, setBackend, type Tensor, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

/** Labels of all kernels that ran. */
const kernelsRun = () => backend.runs.flatMap(({ kernels }) => kernels.map(({ label }) => label))

describe('realize', () => {
  test('computes tensors together, in one plan', async () => {
    const x = tensor([1, 2])
    const [a, b] = [x.exp(), x.exp().add(1)]
    await realize(a, b)
    expect(kernelsRun()).toHaveLength(1)
    expect([String(a), String(b)]).toEqual([
      'Tensor float32 [2] on naive',
      'Tensor float32 [2] on naive',
    ])
  })

  test('keeps values, so that later reads and graphs do not compute them again', async () => {
    const x = tensor([1, 2]).exp()
    await realize(x)
    await x.data()
    await x.neg().data()
    expect(kernelsRun().filter((label) => label.includes('exp'))).toHaveLength(1)
  })

  test('takes one tensor several times, and what is there already', async () => {
    const x = tensor([1, 2])
    const y = x.neg()
    await realize(y, x, y, y)
    await realize(y)
    await realize()
    expect(await y.array()).toEqual([-1, -2])
    expect(kernelsRun()).toHaveLength(1)
  })

  test('gives equal computations one value and each tensor a life of its own', async () => {
    const x = tensor([1, 2])
    const [a, b] = [x.neg(), x.neg()]
    await realize(a, b)
    expect(kernelsRun()).toHaveLength(1)
    a.dispose()
    await realize(tensor([5, 6]).neg(), tensor([7, 8]).neg())
    expect(await b.array()).toEqual([-1, -2])
  })
})

describe('reading', () => {
  test('of several tensors at once gives each its values', async () => {
    const x = tensor([1, 2, 3])
    const reads = [x, x.neg(), x.sum(), x.exp().log()].map((y: Tensor) => y.data())
    const [a, b, c] = await Promise.all(reads)
    expect([a, b, c].map((data) => [...(data ?? [])])).toEqual([[1, 2, 3], [-1, -2, -3], [6]])
  })

  test('does nothing before it is asked for', () => {
    tensor([1, 2]).exp().sum()
    expect([backend.compiled, backend.live.size]).toEqual([[], 0])
  })

  test('of what was read before runs nothing', async () => {
    const x = tensor([1, 2]).neg()
    await x.data()
    const runs = backend.runs.length
    for (let i = 0; i < 3; i++) await x.data()
    expect(backend.runs).toHaveLength(runs)
  })

  test('in the middle changes no later result', async () => {
    const build = async (reads: boolean) => {
      const x = tensor([0.1, 0.2, 0.3])
      const y = x.exp().mul(x)
      if (reads) await y.data()
      const z = y.sub(y.mean()).square()
      if (reads) await z.data()
      return [...(await z.sum().add(y).data())]
    }
    expect(await build(true)).toEqual(await build(false))
  })
})

describe('a loop that assigns parameters', () => {
  test('does not compute earlier steps again, whatever it reads', async () => {
    const p = new Parameter(tensor([1, 1]))
    const steps = 6
    for (let i = 0; i < steps; i++) {
      p.assign(p.value.mul(2).tanh())
      await p.value.sum().item()
    }
    const tanhs = kernelsRun().filter((label) => label.includes('tanh'))
    expect(tanhs).toHaveLength(steps)
  })

  test('and reads only now and then, computes each step once', async () => {
    const p = new Parameter(tensor([1, 1]))
    const losses: Tensor[] = []
    for (let i = 0; i < 6; i++) {
      losses.push(p.value.square().sum())
      p.assign(p.value.sub(p.value.tanh().mul(0.5)))
    }
    const last = losses.at(-1)
    await last?.item()
    const runs = backend.runs.length
    await p.value.data()
    const labels = backend.runs.slice(runs).flatMap(({ kernels }) => kernels)
    expect(labels).toHaveLength(1)
  })

  test('keeps no history: a version that is computed has no inputs', async () => {
    const p = new Parameter(tensor([1]))
    p.assign(p.value.add(1))
    await p.value.data()
    expect(p.node.inputs).toEqual([])
  })
})

describe('what fails', () => {
  test('fails at the read, and again at the next one, until it works', async () => {
    const x = tensor([1, 2]).neg()
    backend.before = (operation) => {
      if (operation === 'run') throw new Error('no run')
    }
    await expect(x.data()).rejects.toThrow('no run')
    await expect(x.data()).rejects.toThrow('no run')
    backend.before = () => {}
    expect(await x.array()).toEqual([-1, -2])
  })

  test('does not hinder others', async () => {
    const [x, y] = [tensor([1]).neg(), tensor([2]).abs()]
    const failed = y.data()
    expect(await x.array()).toEqual([-1])
    expect([...(await failed)]).toEqual([2])
  })

  test('is a read of what was disposed of while it was needed', async () => {
    const x = tensor([1])
    await x.data()
    const y = x.neg()
    const { node } = x
    node.storage?.free()
    await expect(y.data()).rejects.toThrow(
      'read: a tensor float32 [1] whose value was disposed.\n' +
        '  Hint: dispose of it after everything that uses it was read',
    )
  })
})
