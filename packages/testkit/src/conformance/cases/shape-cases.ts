import {
  type AnyTensor,
  type Backend,
  broadcastTo,
  gradients,
  matmul,
  max,
  mean,
  pad,
  realize,
  reshape,
  ShapeError,
  slice,
  sum,
  type Tensor,
  tensor,
  transpose,
  withBackend,
  zeros,
} from '@tensorweft/core'
import { describeMismatches } from '../../reference/compare.ts'
import { evaluateReference } from '../../reference/evaluate.ts'
import type { CaseDefinition } from '../case.ts'
import { checkSame } from '../compare-arrays.ts'
import { ConformanceError, check, checkRejects } from '../conformance-error.ts'
import { integerData } from '../data.ts'

function grid(...shape: number[]): Tensor {
  const size = shape.reduce((n, extent) => n * extent, 1)
  return tensor(integerData('float32', size), { shape, dtype: 'float32' })
}

/** Computes tensors in one plan and compares them with the reference. */
async function checkAgainstReference(
  backend: Backend,
  tensors: Readonly<Record<string, AnyTensor>>,
): Promise<void> {
  const all = Object.values(tensors)
  await withBackend(backend, () => realize(...all))
  const expected = await evaluateReference(all)
  for (const [i, [name, result]] of Object.entries(tensors).entries()) {
    const actual = await withBackend(backend, () => result.data())
    const difference = expected[i] && describeMismatches(actual, expected[i])
    if (difference !== undefined) throw new ConformanceError(`${name}: ${difference}`)
  }
}

async function checkEmptyAxes(backend: Backend): Promise<void> {
  const read = (x: AnyTensor) => withBackend(backend, () => x.data())
  const empty = zeros([0, 3])
  checkSame('sum over no elements', await read(sum(empty, 0)), [0, 0, 0])
  checkSame('mean over no elements', await read(mean(empty, 0)), [
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ])
  checkSame('a sum of nothing', await read(sum(empty, 1)), [])
  checkSame('arithmetic', await read(empty.add(1).relu()), [])
  checkSame(
    'an inner size of 0',
    await read(matmul(zeros([2, 0]), zeros([0, 3]))),
    [0, 0, 0, 0, 0, 0],
  )
  checkSame('no rows', await read(matmul(zeros([0, 4]), zeros([4, 3]))), [])
  checkSame('paddings alone', await read(pad(zeros([0]), [[1, 2]], 5)), [5, 5, 5])
  checkSame('an empty slice', await read(slice(grid(4), [2], [0])), [])
  await checkRejects('max over no elements', ShapeError, () => max(empty, 0))
  const x = grid(3)
  const nothing = sum(slice(x, [1], [0]))
  checkSame('gradient through nothing', await read(gradients(nothing, [x])[0] ?? x), [0, 0, 0])
}

const views: readonly CaseDefinition[] = [
  {
    name: 'shapes: views of views',
    body: ({ backend }) => {
      const x = grid(4, 6, 5)
      return checkAgainstReference(backend, {
        'transpose, reshape, transpose': transpose(reshape(transpose(x, [2, 0, 1]), [10, 12])),
        'split and merge': reshape(
          transpose(reshape(x, [2, 2, 3, 2, 5]), [3, 0, 2, 4, 1]),
          [4, 30],
        ),
        'slice of a pad': slice(
          pad(x, [
            [1, 1],
            [0, 2],
            [3, 0],
          ]),
          [0, 3, 1],
          [5, 4, 6],
        ),
        'pad of a slice of a transpose': pad(slice(transpose(x), [1, 2, 0], [3, 3, 4]), [
          [0, 1],
          [2, 0],
          [1, 1],
        ]),
        'six axes': transpose(reshape(x, [2, 2, 3, 2, 5, 1]), [5, 3, 1, 4, 0, 2]),
      })
    },
  },
  {
    name: 'shapes: products of views',
    body: ({ backend }) => {
      const [a, b] = [grid(6, 10), grid(4, 15)]
      return checkAgainstReference(backend, {
        'aᵀ · slice': matmul(transpose(a), slice(reshape(b, [6, 10]), [0, 2], [6, 7])),
        'reshaped and transposed': matmul(reshape(a, [15, 4]), transpose(reshape(b, [15, 4]))),
        'padded operand': matmul(
          pad(a, [
            [1, 0],
            [0, 0],
          ]),
          reshape(b, [10, 6]),
        ),
        'broadcast operand': matmul(
          broadcastTo(reshape(a, [1, 6, 10]), [3, 6, 10]),
          reshape(b, [10, 6]),
        ),
        'a · aᵀ': matmul(a, transpose(a)),
      })
    },
  },
  {
    name: 'shapes: x + xᵀ, shifted sums and other readers of several places',
    body: ({ backend }) => {
      const x = grid(7, 7)
      const right = pad(slice(x, [0, 0], [7, 6]), [
        [0, 0],
        [1, 0],
      ])
      const down = pad(slice(x, [0, 0], [6, 7]), [
        [1, 0],
        [0, 0],
      ])
      return checkAgainstReference(backend, {
        'x + xᵀ': x.add(transpose(x)),
        'x + x shifted': x.add(right).add(down),
        'x − mean of its columns': x.sub(mean(x, 0)),
        'x · row sums': x.mul(sum(x, 1, { keepDims: true })),
      })
    },
  },
  {
    name: 'shapes: broadcasting in every direction',
    body: ({ backend }) => {
      const [column, row, cube] = [grid(5, 1), grid(1, 6), grid(4, 5, 6)]
      return checkAgainstReference(backend, {
        'column + row': column.add(row),
        'cube · column': cube.mul(column),
        'row − cube': row.sub(cube),
        scalar: cube.add(grid()),
        'six axes': reshape(cube, [1, 4, 1, 5, 6, 1]).add(grid(2, 1, 3, 1, 1, 2)),
        'summed back': sum(column.mul(row), 0).add(sum(cube, [0, 1])),
      })
    },
  },
]

/** Axes of size 0, views and broadcasting. */
export const shapeCases: readonly CaseDefinition[] = [
  { name: 'shapes: axes of size 0', body: ({ backend }) => checkEmptyAxes(backend) },
  ...views,
  {
    name: 'shapes: a long graph of diamonds takes linear time',
    body: async ({ backend }) => {
      const x = tensor([0.5, -0.25])
      let y: Tensor = x
      for (let i = 0; i < 40; i++) y = y.mul(0.5).add(y.tanh())
      const [dx = y] = gradients(sum(y), [x])
      const got = await withBackend(backend, () => dx.data())
      check(got.every(Number.isFinite), `the gradient is ${got.join(', ')}`)
    },
  },
]
