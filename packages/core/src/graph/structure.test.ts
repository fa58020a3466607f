import { describe, expect, test } from 'vitest'
import type { DType } from '../dtype.ts'
import {
  add,
  cast,
  defineOp,
  full,
  identity,
  mul,
  pad,
  reshape,
  sum,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from '../index.ts'
import { attributeText } from './attribute-text.ts'
import { structureOf } from './structure.ts'

type Graph = Tensor<DType> | readonly Tensor<DType>[]

const structure = (graph: Graph) =>
  structureOf([graph].flat().map((end: Tensor<DType>) => end.node))
const keyOf = (graph: Graph) => structure(graph).key

/** Keys of the graph that `build` makes, on leaves of its own each time. */
const same = (build: () => Graph) => expect(keyOf(build())).toBe(keyOf(build()))
const differ = (a: Graph, b: Graph) => expect(keyOf(a)).not.toBe(keyOf(b))

describe('the key', () => {
  test('is one for graphs that differ in data and in numbers only', () => {
    same(() => tensor([Math.random(), 2]).mul(Math.random()).sum())
    expect(keyOf(tensor([1, 2]).add(0))).toBe(keyOf(tensor([3, 4]).add(-0)))
    expect(keyOf(tensor([1]).add(Number.NaN))).toBe(keyOf(tensor([1]).add(1)))
  })

  test('tells ops, shapes, dtypes and attributes apart', () => {
    const x = tensor([[1, 2]])
    differ(x.neg(), x.abs())
    differ(x.neg(), tensor([1, 2]).neg())
    differ(x.neg(), cast(x, 'float64').neg())
    differ(sum(x, 0), sum(x, 1))
    differ(cast(x, 'int32'), cast(x, 'uint8'))
    differ(reshape(x, [2]), reshape(x, [2, 1]))
    differ(transpose(tensor([[[1]]]), [0, 2, 1]), transpose(tensor([[[1]]]), [1, 0, 2]))
  })

  test('tells attributes apart exactly', () => {
    const values = [0, -0, Number.NaN, 1, 1 + Number.EPSILON, Number.POSITIVE_INFINITY]
    const keys = values.map((value) => keyOf(full([2], value, 'float64')))
    expect(new Set(keys).size).toBe(values.length)
    differ(pad(tensor([1]), [[1, 2]], 0), pad(tensor([1]), [[1, 2]], -0))
    differ(pad(tensor([1]), [[1, 2]]), pad(tensor([1]), [[2, 1]]))
  })

  test('tells one leaf read twice from two leaves', () => {
    const [x, y] = [tensor([1]), tensor([2])]
    differ(add(x, x), add(x, y))
    differ(add(mul(x, y), x), add(mul(x, y), y))
    same(() => add(tensor([1]), tensor([2])))
  })

  test('tells outputs apart', () => {
    const x = tensor([1])
    const [a, b] = [x.neg(), x.neg().abs()]
    differ(b, [a, b])
    differ([a, b], [b, a])
  })

  test('tells ops that share a name apart', () => {
    const define = () =>
      defineOp<'x'>({
        name: 'twin',
        infer: ({ x }) => x,
        lower: ({ x }, { at }) => x.at(...at),
      })
    const x = tensor([1])
    differ(define().apply({ x }, {}), define().apply({ x }, {}))
  })

  test('tells names of inputs apart', () => {
    const subtract = defineOp<'a' | 'b'>({
      name: 'subtract',
      infer: ({ a }) => a,
      lower: ({ a, b }, { at, scalar }) => scalar.sub(a.at(...at), b.at(...at)),
    })
    const [x, y] = [tensor([1]), tensor([2])]
    differ(subtract.apply({ a: x, b: y }, {}), subtract.apply({ b: x, a: y }, {}))
  })
})

describe('the nodes', () => {
  test('that compute the same thing become one', () => {
    const x = tensor([1, 2])
    const [a, b] = [x.exp().add(1), x.exp().add(1)]
    const { order, representative, outputs } = structure([x.exp(), x.exp().neg(), x.exp().neg()])
    expect(order).toHaveLength(3)
    expect(outputs).toHaveLength(2)
    expect(representative.size).toBe(6)
    // Numbers may change from run to run: equal ones are not merged.
    expect(structure([a, b]).outputs).toHaveLength(2)
  })

  test('of distinct ops stay apart', () => {
    const x = tensor([1, 2])
    const [a, b] = [identity(x.neg()), identity(x.neg())]
    const { outputs, order } = structure([a, b])
    expect(outputs).toEqual([a.node, b.node])
    expect(order).toHaveLength(4)
    same(() => {
      const y = tensor([1]).neg()
      return [identity(y), identity(y)]
    })
  })

  test('come with inputs first; leaves in the order of their first visit', () => {
    const [x, y] = [tensor([1]), tensor([2])]
    const product = mul(y, x)
    const { arrays, numbers, order, isGiven } = structure(add(product, y).mul(3).add(4))
    expect(arrays).toEqual([y.node, x.node])
    expect(numbers.map(({ source }) => source)).toMatchObject([{ value: 3 }, { value: 4 }])
    expect(order.indexOf(x.node)).toBeLessThan(order.indexOf(product.node))
    expect(isGiven(x.node)).toBe(true)
    expect(isGiven(product.node)).toBe(false)
  })

  test('that are given already are no outputs', () => {
    const x = tensor([1])
    expect(structure(x)).toMatchObject({ outputs: [], arrays: [x.node] })
    const y = x.neg()
    expect(structure([x, y, y]).outputs).toEqual([y.node])
  })

  test('may be given although they could be computed', () => {
    const y = tensor([1]).neg()
    const z = y.abs()
    const { arrays, order } = structureOf([z.node], (node) => node === y.node)
    expect(arrays).toEqual([y.node])
    expect(order).toEqual([y.node, z.node])
  })
})

test('attributes have an exact text', () => {
  const list = [0, -0, '0', true, null, [0], [], [[0]], { a: 0 }, Number.NaN, 'NaN', '[0]']
  const texts = list.map((value) => attributeText(value))
  expect(new Set(texts).size).toBe(list.length)
  expect(attributeText({ shape: [2, 3], value: -0 })).toBe('{shape:[2,3],value:-0}')
  expect(attributeText('a"b')).not.toBe(attributeText('a\\"b'))
})

test('deep graphs have a structure', () => {
  let x = zeros([2])
  for (let i = 0; i < 20_000; i++) x = x.neg()
  expect(structure(x).order).toHaveLength(20_001)
})
