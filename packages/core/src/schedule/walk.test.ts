import { describe, expect, test } from 'vitest'
import {
  argSort,
  cumProd,
  cumSum,
  gather,
  gradients,
  scatterAdd,
  sort,
  type Tensor,
  tensor,
} from '../index.ts'
import { scalarFunctions } from '../ir/instruction.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { planOf, wave } from './plans.testing.ts'

const walks = ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter'] as const
const backend = new NaiveBackend('walks', scalarFunctions, walks)
const kernelsOf = (build: Parameters<typeof planOf>[0]) =>
  planOf(build, backend).kernels.map(({ kind, label }) => `${kind}: ${label}`)

const x = wave([4, 6])
const places = tensor([1, 0, 3], { dtype: 'int32' })

describe('an op that walks is one kernel', () => {
  test('which computes its operand on the way', () => {
    expect(kernelsOf(() => [cumSum(x.mul(2))])).toEqual(['scan: mul cumSum'])
    expect(kernelsOf(() => [argSort(x.neg(), 0)])).toEqual(['sort: neg argSort'])
  })

  test('whose definition by loops costs nothing', () => {
    expect(kernelsOf(() => [argSort(x)])).toEqual(['sort: argSort'])
  })

  test('and takes no reduction into its walk', () => {
    expect(kernelsOf(() => [cumSum(x.sum(1))])).toEqual(['reduce: sum', 'scan: cumSum'])
  })

  test('after a map for a scatter, which writes what it adds to', () => {
    expect(kernelsOf(() => [scatterAdd(x.exp(), places, wave([3, 6]).mul(2))])).toEqual([
      'map: exp mul scatterAdd',
      'scatter: exp mul scatterAdd',
    ])
  })
})

describe('what is read at computed places', () => {
  test('is an array', () => {
    expect(kernelsOf(() => [gather(x.mul(2), places)])).toEqual(['map: mul', 'map: gather'])
  })

  test('is read through another shape of it', () => {
    expect(kernelsOf(() => [gather(x.reshape([12, 2]), places)])).toEqual(['map: gather'])
    expect(kernelsOf(() => [gather(x.mul(2).reshape([12, 2]), places)])).toEqual([
      'map: mul',
      'map: gather',
    ])
  })

  test('is part of the kernel that uses it', () => {
    expect(kernelsOf(() => [gather(x, places).mul(2).sum(1)])).toEqual(['reduce: gather mul sum'])
    expect(kernelsOf(() => [sort(x).mul(2)])).toEqual(['sort: argSort', 'map: gather mul'])
    expect(kernelsOf(() => [gather(x, places).matmul(wave([6, 5]))])[0]).toMatch(/contract: gather/)
  })

  test('is not overwritten while it is read', () => {
    const step = () => [gather(x, places), ...gradients(gather(x, places).square().sum(), [x])]
    expect(kernelsOf(step)).toEqual([
      'map: gather',
      expect.stringMatching(/^map: .*scatterAdd$/),
      expect.stringMatching(/^scatter: .*scatterAdd$/),
    ])
  })
})

test('what nobody reads once expressions are simplified is not computed', () => {
  const one = wave([1])
  const square = (y: Tensor) => y.square().sum()
  const step = () => {
    const [slope] = gradients(square(cumProd(one)), [one])
    return slope === undefined ? [] : [...gradients(square(slope), [one])]
  }
  for (const kind of kernelsOf(step)) expect(kind).toMatch(/^(map|scan)/)
})

test('a scatter of no updates is its initial values', () => {
  const none = tensor([], { dtype: 'int32' })
  expect(kernelsOf(() => [scatterAdd(x, none, wave([0, 6]))])).toEqual(['map: scatterAdd'])
})
