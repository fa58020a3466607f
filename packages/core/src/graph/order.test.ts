import { describe, expect, test } from 'vitest'
import { topologicalOrder } from './order.ts'
import { Node } from './tensor.ts'

const spec = { shape: [], dtype: 'float32' } as const
const leaf = () => new Node({ kind: 'data' }, [], spec)
const over = (...inputs: readonly Node[]) => new Node({ kind: 'data' }, inputs, spec)

describe('topologicalOrder', () => {
  test('lists inputs first, each node once', () => {
    const a = leaf()
    const b = over(a, a)
    const c = over(a, b)
    const d = over(c, b)
    expect(topologicalOrder([d])).toEqual([a, b, c, d])
  })

  test('goes through roots and inputs from the left', () => {
    const [a, b, c] = [leaf(), leaf(), leaf()]
    const sum = over(a, b)
    expect(topologicalOrder([c, sum, a])).toEqual([c, a, b, sum])
    expect(topologicalOrder([])).toEqual([])
  })

  test('puts a node that is met again before those that need it', () => {
    // `late` is on the stack as an input of the root when the way through `deep` needs it first.
    const late = leaf()
    const deep = over(over(late))
    const root = over(deep, late)
    const order = topologicalOrder([root])
    expect(order).toHaveLength(4)
    for (const node of order) {
      for (const input of node.inputs) {
        expect(order.indexOf(input)).toBeLessThan(order.indexOf(node))
      }
    }
  })

  test('lists what it must not enter, without its inputs', () => {
    const a = leaf()
    const b = over(a)
    const c = over(b)
    expect(topologicalOrder([c], (node) => node === b)).toEqual([b, c])
  })

  test('is as deep as the graph, not as the call stack', () => {
    const first = leaf()
    let last = first
    for (let i = 0; i < 100_000; i++) last = over(last, first)
    const order = topologicalOrder([last])
    expect(order).toHaveLength(100_001)
    expect([order[0], order.at(-1)]).toEqual([first, last])
  })

  test('is linear in a ladder of diamonds', () => {
    let last = leaf()
    for (let i = 0; i < 1000; i++) last = over(over(last), over(last))
    expect(topologicalOrder([last])).toHaveLength(3001)
  })
})
