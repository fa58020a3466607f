import { beforeEach, describe, expect, test } from 'vitest'
import type { BufferHandle, Executable } from '../backend.ts'
import {
  compile,
  debug,
  gradients,
  memory,
  OutOfMemoryError,
  Parameter,
  type Plan,
  realize,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { formatBytes } from './format-bytes.ts'

let count = 0

/** A backend with so many bytes for buffers and arenas. */
class SmallBackend extends NaiveBackend {
  readonly limit: number
  held = 0

  constructor(limit: number) {
    super(`small ${++count}`)
    this.limit = limit
  }

  override allocate(byteLength: number): BufferHandle {
    this.#take(byteLength)
    return super.allocate(byteLength)
  }

  override free(buffer: BufferHandle): void {
    if (buffer instanceof ArrayBuffer) this.held -= buffer.byteLength
    super.free(buffer)
  }

  override compile(plan: Plan): Executable {
    this.#take(plan.arenaByteLength)
    const executable = super.compile(plan)
    return {
      ...executable,
      dispose: () => {
        this.held -= plan.arenaByteLength
        executable.dispose()
      },
    }
  }

  #take(byteLength: number): void {
    if (this.held + byteLength > this.limit) {
      throw new OutOfMemoryError('small.allocate', {
        got: `a request for ${byteLength} bytes`,
        wanted: `${this.limit} at most`,
        hint: 'use a smaller batch',
      })
    }
    this.held += byteLength
  }
}

let backend: SmallBackend

beforeEach(async () => {
  backend = new SmallBackend(10_000)
  await setBackend(backend)
})

/** 4,000 bytes. */
const large = () => zeros([1000]).add(1)

describe('where memory runs out', () => {
  test('what is dead goes first', async () => {
    for (let i = 0; i < 20; i++) await realize(large())
    const step = compile((x: Tensor) => x.mul(2))
    const x = tensor([1])
    for (let i = 0; i < 20; i++) await realize(step(large()))
    expect(await x.array()).toEqual([1])
  })

  test('so do scratch arrays of plans, which are compiled again', async () => {
    // The product is an array in its arena.
    const spread = compile((x: Tensor) => x.matmul(x.transpose()).softmax().max())
    const x = zeros([32, 4]).add(0.5)
    const first = await spread(x).item()
    const planBytes = () =>
      memory().backends.find(({ name }) => name === backend.name)?.planBytes ?? 0
    const arena = planBytes()
    expect(arena).toBeGreaterThanOrEqual(4096)
    const others = [large(), large()]
    await realize(...others)
    expect(planBytes()).toBe(0)
    for (const other of others) other.dispose()
    expect(await spread(x).item()).toBe(first)
    expect(planBytes()).toBe(arena)
  })

  test('so do values that only gradients need', async () => {
    const w = tensor([2])
    let x: Tensor = zeros([300]).add(w)
    for (let i = 0; i < 12; i++) {
      x = x.mul(w)
      await realize(x)
    }
    const [dw] = gradients(x.mean(), [w])
    expect(await dw.item()).toBe(13 * 2 ** 12)
  })

  test('the error says what was asked for and who holds what, and the next call works', async () => {
    using _ = debug({ origins: true })
    const held = [large(), large()]
    await realize(...held)
    const read = large().mul(2).data()
    await expect(read).rejects.toThrow(OutOfMemoryError)
    await expect(read).rejects.toThrow(
      /^small\.allocate: a request for 4000 bytes; wanted 10000 at most\.\n {2}Hint: use a smaller batch\n/,
    )
    await expect(read).rejects.toThrow(
      /Held now: 7\.8 KiB in 2 tensors \(largest: 3\.9 KiB float32 \[1000\], made at \/.*out-of-memory\.test\.ts:\d+:\d+\), 0 bytes in \d+ compiled plans/,
    )
    held[0]?.dispose()
    expect((await large().mul(2).data())[0]).toBe(2)
  })

  test('a compiled call fails at the read, and parameters stay as they were', async () => {
    const p = new Parameter(tensor([1]))
    const held = [large(), large()]
    await realize(p.value, ...held)
    const step = compile((x: Tensor) => {
      p.assign(p.value.add(1))
      return x.add(p.value)
    })
    const failed = step(zeros([1000]))
    await expect(failed.data()).rejects.toThrow('Held now')
    expect(await p.value.item()).toBe(1)
    for (const tensor of held) tensor.dispose()
    expect((await step(zeros([1000])).data())[7]).toBe(2)
    expect(await p.value.item()).toBe(2)
  })

  test('other errors are passed on as they are', async () => {
    backend.before = (operation) => {
      if (operation === 'run') throw new Error('broken')
    }
    await expect(large().data()).rejects.toThrow(/^broken$/)
  })
})

describe('memory()', () => {
  test('counts bytes and buffers by backend, and lists the largest', async () => {
    const other = new NaiveBackend('other')
    const given = [tensor([1, 2]), tensor([[1, 2, 3]], { dtype: 'int32' })] as const
    const small = given[0].neg()
    const x = large()
    await realize(small, x)
    await setBackend(other)
    const y = given[1].add(1)
    await realize(y)
    const { backends } = memory()
    expect(backends.find(({ name }) => name === 'other')).toMatchObject({
      bytes: 24,
      buffers: 2,
      plans: 1,
    })
    expect(backends.find((report) => report.bytes === backend.held)).toMatchObject({
      name: backend.name,
      buffers: 3,
      largest: [
        { byteLength: 4000, content: { dtype: 'float32', shape: [1000] } },
        { byteLength: 8 },
        { byteLength: 8 },
      ],
    })
    const before = memory()
    x.dispose()
    expect([memory().bytes, memory().buffers]).toEqual([before.bytes - 4000, before.buffers - 1])
    // Garbage would not have been counted.
    for (const tensor of [...given, small, y]) tensor.dispose()
  })

  test('counts what is shared once, and nothing that is pending', async () => {
    // What other tests left behind on their backends is collected at some time.
    const bytes = () => memory().backends.find(({ name }) => name === backend.name)?.bytes ?? 0
    const x = tensor([1, 2])
    const [a, b] = [x.neg(), x.neg()]
    expect(bytes()).toBe(0)
    await realize(a, b)
    expect(bytes()).toBe(16)
    for (const tensor of [x, a, b]) tensor.dispose()
    expect(bytes()).toBe(0)
  })
})

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [5.25 * 2 ** 20, '5.3 MiB'],
  [512 * 2 ** 20, '512 MiB'],
  [3 * 2 ** 40, '3 TiB'],
])('%d bytes are written as %s', (byteLength, text) => {
  expect(formatBytes(byteLength)).toBe(text)
})
