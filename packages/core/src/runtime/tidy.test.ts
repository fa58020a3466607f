import { beforeEach, describe, expect, test } from 'vitest'
import { collectGarbage } from '../graph/collect-garbage.testing.ts'
import {
  compile,
  customGradient,
  DisposedError,
  gradients,
  Parameter,
  realize,
  setBackend,
  type Tensor,
  tensor,
  tidy,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

const nextTask = () => new Promise((resolve) => setTimeout(resolve, 1))

describe('tidy', () => {
  test('inside a compiled function leaves what parameters are assigned there', async () => {
    const p = new Parameter(tensor([1, 2]))
    const step = compile((x: Tensor) =>
      tidy(() => {
        const [dp] = gradients(p.value.square().mul(x).sum(), [p])
        p.assign(p.value.sub(dp.mul(0.25)))
        p.assign(p.value.add(x))
        return x.mul(p.value)
      }),
    )
    // p ← p − p x / 2 + x
    expect(await step(tensor([1, 2])).array()).toEqual([1.5, 4])
    expect(await p.value.array()).toEqual([1.5, 2])
    expect(await step(tensor([2, 1])).array()).toEqual([4, 2])
    const ones = tensor([1, 1])
    step(ones).dispose()
    await collectGarbage(() => backend.live.size === 2)
    for (let i = 0; i < 3; i++) step(ones).dispose()
    expect(await p.value.array()).toEqual([2, 2])
    // The parameter and what is added to it.
    expect(backend.live.size).toBe(2)
    expect(await ones.array()).toEqual([1, 1])
  })

  test('disposes of what was made inside, and not of what it returns', async () => {
    const inside: Tensor[] = []
    const x = tensor([1, 2])
    const result = tidy(() => {
      const y = x.mul(2)
      inside.push(y)
      return { sums: [y.sum(), 'text', 3] as const, y: y.add(1) }
    })
    expect(() => inside[0]?.node).toThrow(DisposedError)
    expect(() => inside[0]?.node).toThrow('return it from tidy()')
    expect([await result.sums[0].item(), ...result.sums.slice(1)]).toEqual([6, 'text', 3])
    expect(await result.y.array()).toEqual([3, 5])
    expect(await x.array()).toEqual([1, 2])
  })

  test('frees at once what was computed inside', async () => {
    const x = tensor([1, 2])
    await realize(x)
    const mean = await tidy(async () => {
      const y = x.mul(2)
      await y.data()
      const z = y.add(tensor([5, 6]))
      await z.data()
      expect(backend.live.size).toBe(4)
      return z.mean().item()
    })
    expect(mean).toBe(8.5)
    expect(backend.live.size).toBe(1)
  })

  test('keeps what the result is still to be computed from, until it is', async () => {
    const y = tidy(() => tensor([1, 2]).add(tensor([3, 4])))
    expect(await y.array()).toEqual([4, 6])
    expect(backend.live.size).toBe(1)
  })

  test('bounds a loop that never waits', async () => {
    let x = tensor([1, 2])
    for (let i = 0; i < 20_000; i++) {
      const next = tidy(() => x.mul(0.5).add(1).tanh())
      x.dispose()
      x = next
    }
    expect(backend.live.size).toBeLessThan(4)
    const [first = 0] = await x.data()
    // x = tanh(x / 2 + 1)
    expect(first).toBeCloseTo(Math.tanh(first / 2 + 1), 6)
  })

  test('may be nested: what the inner one returns belongs to the outer one', () => {
    let inner: Tensor | undefined
    const outer = tidy(() => {
      inner = tidy(() => tensor([1]).neg())
      expect(inner.node).toBeDefined()
      return inner.add(1)
    })
    expect(() => inner?.node).toThrow(DisposedError)
    expect(outer.node).toBeDefined()
  })

  test('disposes of everything where its body throws, and passes the error on', async () => {
    const inside: Tensor[] = []
    const body = () => {
      inside.push(tensor([1]))
      throw new Error('no more')
    }
    expect(() => tidy(body)).toThrow('no more')
    await expect(tidy(async () => body())).rejects.toThrow('no more')
    for (const x of inside) expect(() => x.node).toThrow(DisposedError)
    expect(tensor([1]).node).toBeDefined()
  })

  test('leaves parameters, and what was made before', async () => {
    const x = tensor([2])
    const p = tidy(() => {
      const made = new Parameter(x.mul(2))
      made.assign(made.value.add(1))
      return { made }
    }).made
    const other = new Parameter(tensor([1]))
    tidy(() => {
      other.assign(other.value.add(x))
    })
    expect([await p.value.item(), await other.value.item(), await x.item()]).toEqual([5, 3, 2])
  })

  test('may hold calls of compiled functions, traced inside', async () => {
    const double = compile((x: Tensor) => x.mul(tidy(() => x.sub(x).add(2))))
    const first = tidy(() => double(tensor([1])))
    const second = tidy(() => double(tensor([2])))
    expect([await first.item(), await second.item()]).toEqual([2, 4])
    tidy(() => {
      double(tensor([3]))
    })
    expect(backend.live.size).toBe(2)
  })

  test('gives a loss whose gradients can be taken outside', async () => {
    const w = tensor([1, 2])
    const f = customGradient((x: Tensor) => {
      const e = x.exp()
      return { value: e.sum(), gradient: (dy) => [dy.mul(e)] }
    })
    const loss = tidy(() => f(w.mul(tensor([0, 0])).add(w)))
    const [dw] = gradients(loss, [w])
    const [first = 0] = await dw.data()
    expect(first).toBeCloseTo(Math.E, 5)
  })
})

describe('tidy of an asynchronous function', () => {
  test('goes on after each read that it awaits', async () => {
    const seen: Tensor[] = []
    const make = () => {
      const x = tensor([seen.length])
      seen.push(x)
      return x
    }
    await tidy(async () => {
      await make().data()
      await make().array()
      await make().item()
      await realize(make())
      try {
        await make()
          .mul(tensor([1, 2]))
          .item()
      } catch {
        make()
      }
      make()
    })
    for (const x of seen) expect(() => x.node).toThrow(DisposedError)
    expect(backend.live.size).toBe(0)
  })

  test('leaves alone what others make meanwhile', async () => {
    const others: Tensor[] = []
    const running = tidy(async () => {
      for (let i = 0; i < 5; i++) {
        await tensor([i]).data()
        tensor([i])
      }
    })
    const beside = (async () => {
      for (let i = 0; i < 12; i++) {
        others.push(tensor([i]))
        await (i % 3 === 0 ? nextTask() : Promise.resolve())
        others.push(tensor([i]).neg())
        await others.at(-1)?.data()
      }
    })()
    await Promise.all([running, beside])
    for (const x of others) expect(x.node).toBeDefined()
  })

  test('gives what it returns to the one around', async () => {
    let inner: Tensor | undefined
    await tidy(async () => {
      inner = await tidy(async () => {
        await tensor([1]).data()
        return tensor([2])
      })
    })
    expect(() => inner?.node).toThrow(DisposedError)
  })
})
