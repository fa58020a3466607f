import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  add,
  compile,
  type DType,
  debug,
  full,
  gradients,
  matmul,
  memory,
  NumericsError,
  Parameter,
  pad,
  realize,
  setBackend,
  type Tensor,
  tensor,
  where,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

const everythingOff = { checkNumerics: false, origins: false }
afterEach(() => {
  debug(everythingOff)
})

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

/** The message of what a read throws. */
async function failureOf(read: Promise<unknown>): Promise<string> {
  const error = await read.then(
    () => new Error('nothing was thrown'),
    (error: Error) => error,
  )
  expect(error).toBeInstanceOf(NumericsError)
  return error.message
}

describe('debug({ checkNumerics: true })', () => {
  test('names the first op that makes an infinity, its element and its inputs', async () => {
    using _ = debug({ checkNumerics: true })
    const x = tensor([
      [1, 2],
      [0, -1],
    ])
    const message = await failureOf(x.mul(1).log().exp().mul(3).sum().item())
    expect(message).toContain('log: -Infinity at [1, 0] of its result float32 [2, 2]')
    expect(message).toContain('2 of 4 elements not finite, from x float32 [2, 2] between -1 and 2')
    expect(message).toContain('wanted finite numbers')
  })

  test.each<[string, () => Tensor, string]>([
    ['NaN', () => tensor([-1, 4]).sqrt(), 'sqrt: NaN at [0]'],
    ['an overflow of a product', () => matmul(big, big).sum(), 'matmul: Infinity at [0, 0]'],
    ['infinity less infinity', () => tensor([Infinity]).sub(tensor([Infinity])), 'sub: NaN at [0]'],
    ['what is masked later', () => where(tensor([false]), tensor([0]).log(), 1), 'log: -Infinity'],
    [
      'what a view shows',
      () =>
        tensor([[0, 1]])
          .transpose()
          .reshape([2])
          .log(),
      'log: -Infinity',
    ],
  ])('finds %s', async (_, make, message) => {
    using __ = debug({ checkNumerics: true })
    expect(await failureOf(make().data())).toContain(message)
  })
  const big = tensor([[1e30]])

  test.each<[string, () => Tensor<DType>, unknown]>([
    ['what is given', () => tensor([Infinity, Number.NaN, 1]).mul(2), [Infinity, Number.NaN, 2]],
    ['numbers of the program', () => tensor([1, 2]).maximum(-Infinity), [1, 2]],
    ['constants', () => add(full([2], -Infinity), tensor([1, 2])), [-Infinity, -Infinity]],
    ['the fill of an op', () => pad(tensor([1]), [[1, 0]], -Infinity).max(), 1],
    ['integers', () => tensor([5], { dtype: 'int32' }).div(tensor([2], { dtype: 'int32' })), [2.5]],
    ['an empty tensor', () => tensor([[], []]).exp(), [[], []]],
  ])('lets %s pass', async (_, make, value) => {
    using __ = debug({ checkNumerics: true })
    expect(await make().array()).toEqual(value)
  })

  test('works in a compiled step, which then changes nothing', async () => {
    const w = new Parameter(tensor([1, 4]))
    const step = compile((x: Tensor) => {
      const loss = w.value.mul(x).sqrt().sum()
      const [dw] = gradients(loss, [w])
      w.assign(w.value.sub(dw.mul(0.1)))
      return loss
    })
    const reset = debug({ checkNumerics: true })
    expect(await step(tensor([4, 4])).item()).toBe(6)
    const before = await w.value.array()
    const [failed, after] = [step(tensor([-1, 1])), step(tensor([1, 1]))]
    expect(await failureOf(failed.item())).toContain('sqrt: NaN at [0] of its result float32 [2]')
    await expect(after.item()).rejects.toThrow()
    expect(await w.value.array()).toEqual(before)
    reset()
    expect(Number.isNaN(await step(tensor([-1, 1])).item())).toBe(true)
  })

  test('gives the same results, and costs nothing once it is off', async () => {
    const values = async () => {
      const x = tensor([0.1, 0.2, 0.3])
      return [...(await x.softmax().log().mul(x).data())]
    }
    const plain = await values()
    const reset = debug({ checkNumerics: true })
    expect(await values()).toEqual(plain)
    reset()
    const runs = backend.runs.length
    await values()
    expect(backend.runs.length).toBe(runs + 1)
  })

  test('keeps no buffers', async () => {
    using _ = debug({ checkNumerics: true })
    const x = tensor([1, 2])
    const y = x.exp().log().mul(2)
    await y.data()
    expect(backend.live.size).toBe(2)
    await failureOf(x.sub(1).log().data())
    expect(backend.live.size).toBe(2)
  })
})

describe('debug({ origins: true })', () => {
  const here = /made at \/.*debug\.test\.ts:\d+:\d+/

  test('tells in errors where a tensor was made', async () => {
    using _ = debug({ checkNumerics: true, origins: true })
    expect(await failureOf(tensor([0]).log().data())).toMatch(here)
    const x = tensor([1])
    x.dispose()
    expect(() => x.neg()).toThrow(here)
  })

  test('tells where a tensor was made whose computation fails', async () => {
    using _ = debug({ origins: true })
    backend.before = (operation) => {
      if (operation === 'run') throw new Error('kernel 3 is broken')
    }
    const read = tensor([1]).neg().data()
    await expect(read).rejects.toThrow('kernel 3 is broken')
    await expect(read).rejects.toThrow(here)
  })

  test('tells in memory() who holds what', async () => {
    using _ = debug({ origins: true })
    const x = tensor([1, 2, 3]).neg()
    await realize(x)
    const { backends } = memory()
    const contents = backends.flatMap(({ largest }) => largest.map(({ content }) => content))
    expect(contents.some((content) => content?.origin?.includes('debug.test.ts'))).toBe(true)
  })

  test('of compiled functions is that of the op inside', async () => {
    using _ = debug({ checkNumerics: true, origins: true })
    const f = compile((x: Tensor) => x.log())
    expect(await failureOf(f(tensor([0])).data())).toMatch(here)
  })
})

test('what debug returns restores what was there, nested too', async () => {
  const isChecking = () =>
    tensor([0])
      .log()
      .data()
      .then(
        () => false,
        () => true,
      )
  const outer = debug({ checkNumerics: true })
  const inner = debug({ checkNumerics: false, origins: true })
  expect(await isChecking()).toBe(false)
  inner()
  expect(await isChecking()).toBe(true)
  debug({})()
  expect(await isChecking()).toBe(true)
  outer[Symbol.dispose]()
  expect(await isChecking()).toBe(false)
})
