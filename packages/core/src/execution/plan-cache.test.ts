import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  compile,
  Parameter,
  setBackend,
  type Tensor,
  tensor,
  withBackend,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

describe('plans', () => {
  test('are reused for equal graphs with other data and numbers', async () => {
    for (let i = 0; i < 4; i++) {
      expect(await tensor([i, 1]).mul(i).sum().item()).toBe(i * i + i)
    }
    expect(backend.compiled).toHaveLength(1)
    expect(backend.runs).toHaveLength(4)
  })

  test('are made for each shape, dtype and graph', async () => {
    await tensor([1, 2]).neg().data()
    await tensor([1, 2, 3]).neg().data()
    await tensor([1, 2], { dtype: 'int32' }).neg().data()
    await tensor([1, 2]).abs().data()
    expect(backend.compiled).toHaveLength(4)
  })

  test('are shared by equal functions, and made for each backend', async () => {
    const make = () => compile((x: Tensor) => x.exp())
    make()(zeros([2]))
    make()(zeros([2]))
    expect(backend.compiled.filter(({ inputs }) => inputs.length === 1)).toHaveLength(1)
    const other = new NaiveBackend('other')
    await withBackend(other, () => make()(tensor([0, 0])).data())
    expect(other.compiled.length).toBeGreaterThan(0)
  })

  test('let go of a backend that nobody uses any more', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    const use = async () => {
      const used = new NaiveBackend('used')
      await withBackend(used, () => tensor([1, 2]).neg().data())
      return new WeakRef(used)
    }
    const reference = await use()
    for (let i = 0; i < 50 && reference.deref() !== undefined; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      collectGarbage()
    }
    expect(reference.deref()).toBeUndefined()
  })

  test('of a function outlive those of many graphs made meanwhile', async () => {
    const p = new Parameter(zeros([]))
    const count = compile(() => p.assign(p.value.add(1)))
    count()
    for (let n = 1; n <= 1100; n++) await zeros([n]).data()
    count()
    expect(await p.value.item()).toBe(2)
  })
})
