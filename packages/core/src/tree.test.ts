import { describe, expect, test } from 'vitest'
import { tensor } from './creation/tensor.ts'
import { Parameter } from './runtime/parameter.ts'
import { isTensorLeaf, leavesOf, mapTree } from './tree.ts'

describe('mapTree', () => {
  test('keeps arrays and plain objects and replaces leaves', () => {
    const tree = { layers: [{ kernel: 1 }, [2, 3]], bias: 4 }
    expect(mapTree(tree, (leaf) => Number(leaf) * 10)).toEqual({
      layers: [{ kernel: 10 }, [20, 30]],
      bias: 40,
    })
  })

  test('tells the path of each leaf, in order', () => {
    expect(leavesOf({ layers: [{ kernel: 'k', bias: 'b' }], step: 's' })).toEqual([
      { path: 'layers.0.kernel', leaf: 'k' },
      { path: 'layers.0.bias', leaf: 'b' },
      { path: 'step', leaf: 's' },
    ])
    expect(leavesOf('alone')).toEqual([{ path: '', leaf: 'alone' }])
  })

  test('takes whatever is no array or plain object as a leaf', () => {
    const leaves = [tensor(1), new Parameter(tensor(2)), new Map(), null, undefined, () => 1]
    expect(leavesOf(leaves).map(({ leaf }) => leaf)).toEqual(leaves)
    const bare = Object.assign(Object.create(null), { a: 1 })
    expect(leavesOf(bare)).toEqual([{ path: 'a', leaf: 1 }])
  })

  test('empty trees have no leaves and stay what they are', () => {
    expect(leavesOf([{}, []])).toEqual([])
    expect(mapTree([{}, []], () => 0)).toEqual([{}, []])
  })
})

test('tensors and parameters are tensor leaves', () => {
  expect([tensor(1), new Parameter(tensor(2)), 3, [tensor(1)]].map(isTensorLeaf)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
