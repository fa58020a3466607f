import { cpu } from '@tensorweft/backend-cpu'
import * as core from '@tensorweft/core'
import { expect, test } from 'vitest'
import { checkOp } from '../conformance/check-op.ts'
import { exactly } from './approximation.ts'
import { concat, roll } from './movement.ts'

type Xs = readonly core.Tensor[]

test('concat and roll put every element where it belongs', () => {
  const [a, b] = [exactly([2, 1], 'float32', [1, 2]), exactly([2, 2], 'float32', [3, 4, 5, 6])]
  expect([...concat([a, b], [2, 3], 1).values]).toEqual([1, 3, 4, 2, 5, 6])
  expect([...roll(b, [0, 1]).values]).toEqual([4, 3, 6, 5])
  expect([...roll(exactly([3], 'float32', [1, 2, 3]), [2]).values]).toEqual([2, 3, 1])
})

test.each<[string, readonly core.Shape[], (xs: Xs) => core.Tensor]>([
  [
    'concat',
    [
      [2, 3],
      [2, 1],
      [2, 4],
    ],
    (xs) => core.concat(xs, 1),
  ],
  ['concat of many', Array.from({ length: 19 }, () => [2]), (xs) => core.concat(xs)],
  [
    'stack',
    [
      [2, 3],
      [2, 3],
    ],
    (xs) => core.stack(xs, 1),
  ],
  ['split', [[7, 2]], ([x]) => core.split(given(x), [3, 0, 4])[2] ?? given(x)],
  ['roll', [[4, 5]], ([x]) => core.roll(given(x), [3, -2], [0, 1])],
  ['tile', [[2, 3]], ([x]) => core.tile(given(x), [3, 2])],
  ['tril', [[2, 4, 3]], ([x]) => core.tril(given(x), -1)],
  ['triu', [[4, 4]], ([x]) => core.triu(given(x), 1)],
  ['stridedSlice', [[9, 8]], ([x]) => core.stridedSlice(given(x), [7, null], [null, -1], [-3, 2])],
  [
    'pad reflect',
    [[4, 3]],
    ([x]) =>
      core.pad(
        given(x),
        [
          [3, 1],
          [0, 2],
        ],
        'reflect',
      ),
  ],
  [
    'pad edge',
    [[2, 3]],
    ([x]) =>
      core.pad(
        given(x),
        [
          [2, 0],
          [1, 4],
        ],
        'edge',
      ),
  ],
  ['variance', [[3, 7]], ([x]) => core.variance(given(x), 1, { correction: 1 })],
  ['std', [[3, 7]], ([x]) => core.std(given(x), 0)],
  ['norm', [[3, 7]], ([x]) => core.norm(given(x), 1)],
  ['norm of order 3', [[3, 7]], ([x]) => core.norm(given(x), 0, { ord: 3 })],
  [
    'einsum',
    [
      [2, 3, 4],
      [5, 4, 2],
    ],
    (xs) => core.einsum('bij,kjb->bki', ...xs),
  ],
  [
    'einsum of three',
    [
      [3, 4],
      [4, 4],
      [4, 5],
    ],
    (xs) => core.einsum('ij,jj,jk->ki', ...xs),
  ],
  ['einsum with sums', [[3, 4, 2], [4]], (xs) => core.einsum('ija,j->i', ...xs)],
])('%s agrees with the reference, with its gradients', async (name, shapes, op) => {
  const apply = (xs: readonly core.AnyTensor[]) => op(xs as Xs)
  await checkOp({ name, apply, inputs: shapes.map((shape) => ({ shape })) }, cpu())
})

function given(x: core.Tensor | undefined): core.Tensor {
  if (x === undefined) throw new Error('an op of a test lacks an input')
  return x
}
