import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  compile,
  full,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { recordBackend } from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { runningMeans } from './running-means.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const scalar = (value: number) => full([], value)

describe('running means', () => {
  test('are weighted, of each name, until they are reset', async () => {
    const means = runningMeans('loss', 'error')
    expect(await means.read()).toEqual({ loss: Number.NaN, error: Number.NaN })
    means.update({ loss: scalar(2), error: scalar(-1) }, 3)
    means.update({ loss: scalar(6), error: scalar(3) })
    expect(await means.read()).toEqual({ loss: 3, error: 0 })
    means.reset()
    means.update({ loss: scalar(5), error: scalar(1) }, 0.5)
    expect(await means.read()).toEqual({ loss: 5, error: 1 })
  })

  test('forget even NaN', async () => {
    const means = runningMeans('loss')
    means.update({ loss: scalar(Number.NaN) })
    expect((await means.read()).loss).toBeNaN()
    means.reset()
    means.update({ loss: scalar(1) })
    expect(await means.read()).toEqual({ loss: 1 })
  })

  test('keep NaN to its name', async () => {
    const means = runningMeans('loss', 'error')
    means.update({ loss: scalar(Number.POSITIVE_INFINITY), error: scalar(2) })
    expect(await means.read()).toEqual({ loss: Number.POSITIVE_INFINITY, error: 2 })
  })

  test('are part of a compiled step, in place', async () => {
    const backend = recordBackend(cpu())
    await setBackend(backend)
    const means = runningMeans('mean')
    const step = compile((x: Tensor) => {
      means.update({ mean: x.mean() }, x.size)
    })
    step(tensor([1, 2, 3]))
    await means.read()
    const { buffersHeld, runs } = backend.record
    for (let i = 0; i < 10; i++) {
      using x = tensor([i, i + 2, i + 4])
      step(x)
    }
    expect(backend.record.runs - runs).toBe(10)
    expect(backend.record.buffersHeld).toBe(buffersHeld)
    expect((await means.read()).mean).toBeCloseTo((6 + 3 * 65) / 33, 5)
    await setBackend(cpu())
  })

  test('refuse what is no scalar, and names given twice', async () => {
    const means = runningMeans('a', 'b')
    means.update({ a: scalar(1), b: scalar(2) })
    const wrong = () => means.update({ a: scalar(9), b: tensor([1, 2]) })
    expect(wrong).toThrow(ShapeError)
    expect(wrong).toThrow('b [2]; wanted a scalar')
    expect(await means.read()).toEqual({ a: 1, b: 2 })
    expect(() => runningMeans('a', 'a')).toThrow(ArgumentError)
  })
})
