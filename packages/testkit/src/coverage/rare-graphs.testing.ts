import {
  type AnyTensor,
  type Backend,
  compile,
  cumSum,
  defineOp,
  exp,
  gather,
  matmul,
  mul,
  oneHot,
  Parameter,
  pad,
  realize,
  reshape,
  scatterAdd,
  slice,
  softmax,
  sort,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
  transpose,
  withBackend,
} from '@tensorweft/core'
import { describeMismatches } from '../reference/compare.ts'
import { evaluateReference } from '../reference/evaluate.ts'

function wave(...shape: number[]): Tensor {
  return tensor(waveData(shape.reduce((product, extent) => product * extent, 1)), { shape })
}

function waveData(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.3))
}

/** Results over one space with hundreds of instructions between them. */
function manyResults(x: Tensor): Tensor[] {
  return Array.from({ length: 24 }, (_, i) => {
    let y = x
    for (let k = 0; k < 15; k++) y = y.mul(1 - (i + k) / 1000).add(k / 7)
    return y
  })
}

function longChain(x: Tensor): Tensor {
  let y = x
  for (let i = 0; i < 70; i++) y = y.mul(0.99).add(0.01)
  return y
}

/** `√Σ x²` of each row, as one op: arithmetic around a reduction. */
const rowLength = defineOp<'x'>({
  name: 'rowLength',
  infer: ({ x }) => ({ dtype: x.dtype, shape: x.shape.slice(0, -1) }),
  lower: ({ x }, { at, reduce, scalar, space }) => {
    const squares = reduce('sum', [x.shape.at(-1) ?? 1], ([k = space.constant(0)]) => {
      const value = x.at(...at, k)
      return scalar.mul(value, value)
    })
    return scalar.sqrt(squares)
  },
})

const places = tensor([3, 0, 3, 1], { dtype: 'int32' })

const rowsAround = [
  [1, 1],
  [0, 0],
] as const

/** 1 where the column is at most the row. */
const triangle = tensor(
  Array.from({ length: 25 }, (_, i) => (i % 5 <= Math.floor(i / 5) ? 1 : 0)),
  { shape: [5, 5] },
)

/** A computation, and the same in ops that the reference knows. */
interface RareGraph {
  readonly decision: string
  readonly build: () => readonly AnyTensor[]
  readonly meaning?: () => readonly AnyTensor[]
}

/** What random graphs meet too rarely to count on. */
const rareGraphs: readonly RareGraph[] = [
  { decision: 'kernels do not grow without bound', build: () => manyResults(wave(50)) },
  { decision: 'nor do expressions', build: () => [longChain(wave(9))] },
  {
    decision: 'long rows are not walked again',
    build: () => {
      const x = wave(2, 9000)
      const mean = sum(x, 1, { keepDims: true }).div(9000)
      return [mean, x.sub(mean), mean.mul(2)]
    },
  },
  {
    decision: 'but all that a walk of long rows can sum is summed in one',
    build: () => {
      const x = wave(2, 9000)
      const mean = sum(x, 1, { keepDims: true }).div(9000)
      return [mean, sum(square(x.sub(mean)), 1), sum(square(x), 1)]
    },
  },
  {
    decision: 'a factor with axes of both sides makes no contraction',
    build: () => {
      const [a, b, c] = [wave(5, 2, 1, 4), wave(1, 2, 3, 4), wave(5, 1, 3, 4)]
      return [sum(mul(mul(a, b), c), 3)]
    },
  },
  {
    decision: 'a product that is kept is summed apart from where it is made',
    build: () => {
      const product = mul(wave(5, 1, 4), wave(1, 6, 4))
      return [product, sum(product, 2)]
    },
  },
  {
    decision: 'a producer is packed, on either side',
    build: () => [matmul(square(wave(3, 4)), square(wave(4, 5)).add(1))],
  },
  {
    decision: 'an op may compute with what it has reduced',
    build: () => [rowLength.apply({ x: square(wave(4, 6)) }, {})],
    meaning: () => [sqrt(sum(square(square(wave(4, 6))), 1))],
  },
  {
    decision: 'what is read at computed places is an array, given or made',
    build: () => [gather(wave(5, 3), places), gather(exp(wave(5, 3)), places)],
    meaning: () => [wave(5, 3), exp(wave(5, 3))].map((x) => matmul(oneHot(places, 5), x)),
  },
  {
    decision: 'the same array in another shape',
    build: () => [gather(reshape(exp(wave(15)), [5, 3]), places)],
    meaning: () => [matmul(oneHot(places, 5), exp(wave(5, 3)))],
  },
  {
    decision: 'computed places under a guard',
    build: () => [pad(gather(wave(5, 3), places), rowsAround)],
    meaning: () => [pad(matmul(oneHot(places, 5), wave(5, 3)), rowsAround)],
  },
  {
    decision: 'computed places within a walk',
    build: () => [cumSum(gather(wave(5, 5), places), 1)],
    meaning: () => [matmul(matmul(oneHot(places, 5), wave(5, 5)), transpose(triangle))],
  },
  {
    decision: 'computed places in both factors of a contraction',
    build: () => {
      const x = gather(wave(6, 2), tensor([0, 1, 1, 0, 1, 1], { shape: [3, 2], dtype: 'int32' }), 1)
      return [matmul(x, transpose(x, [0, 2, 1]))]
    },
    meaning: () => {
      const choices = oneHot(tensor([0, 1, 1, 0, 1, 1], { dtype: 'int32' }), 2)
      const x = reshape(matmul(wave(6, 2), transpose(choices)), [6, 3, 2])
      return [matmul(x, transpose(x, [0, 2, 1]))]
    },
  },
  {
    decision: 'running sums are walks, over what is computed on the way',
    build: () => [cumSum(square(wave(5, 3)), 0).mul(2)],
    meaning: () => [matmul(triangle, square(wave(5, 3))).mul(2)],
  },
  {
    decision: 'a walk that nobody reads once expressions are simplified is left out',
    build: () => [slice(pad(cumSum(square(wave(3))), [[3, 0]]), [0], [2])],
    meaning: () => [tensor([0, 0])],
  },
  {
    decision: 'a scatter of no updates is what it adds to',
    build: () => [scatterAdd(wave(3, 2), tensor([], { dtype: 'int32' }), wave(0, 2))],
    meaning: () => [wave(3, 2).mul(1)],
  },
  {
    decision: 'sorting is a walk',
    build: () => [sort(wave(20))],
    meaning: () => [tensor(waveData(20).sort())],
  },
  {
    decision: 'adding at computed places is a walk',
    build: () => [scatterAdd(exp(wave(5, 3)), places, square(wave(4, 3)))],
    meaning: () => [exp(wave(5, 3)).add(matmul(transpose(oneHot(places, 5)), square(wave(4, 3))))],
  },
]

/** Runs every rare graph on a backend and compares it with the reference. */
export async function checkRareGraphs(backend: Backend): Promise<void> {
  for (const { decision, build, meaning = build } of rareGraphs) {
    const results = build()
    await withBackend(backend, () => realize(...results))
    await compare(decision, results, meaning(), backend)
  }
  await checkOldValueBesideNew(backend)
  await checkRareUpdates(backend)
}

/** A kernel that needs the new value of a parameter and the old one: no update in place. */
async function checkOldValueBesideNew(backend: Backend): Promise<void> {
  const parameter = new Parameter(wave(4, 4))
  const step = compile(() => {
    const old = parameter.value
    const next = exp(old)
    parameter.assign(next)
    return matmul(next, transpose(old))
  })
  const result = await withBackend(backend, async () => step())
  const meant = [matmul(exp(wave(4, 4)), transpose(wave(4, 4))), exp(wave(4, 4))]
  await compare('old and new values', [result, parameter.value], meant, backend)
}

/** Updates of parameters that cannot happen in place. */
const rareUpdates: readonly {
  readonly decision: string
  readonly shape: readonly number[]
  readonly next: (old: Tensor) => Tensor
}[] = [
  { decision: 'no elements need no kernel', shape: [0, 3], next: exp },
  {
    decision: 'rows that are walked twice are not overwritten by the first walk',
    shape: [4, 5],
    next: (old) => softmax(old),
  },
]

async function checkRareUpdates(backend: Backend): Promise<void> {
  for (const { decision, shape, next } of rareUpdates) {
    const parameter = new Parameter(wave(...shape))
    const step = compile(() => {
      const old = parameter.value
      parameter.assign(next(old))
      return sum(old)
    })
    const result = await withBackend(backend, async () => step())
    const meant = [sum(wave(...shape)), next(wave(...shape))]
    await compare(decision, [result, parameter.value], meant, backend)
  }
}

async function compare(
  what: string,
  results: readonly AnyTensor[],
  meant: readonly AnyTensor[],
  backend: Backend,
): Promise<void> {
  const expected = await evaluateReference(meant)
  for (const [i, result] of results.entries()) {
    const actual = await withBackend(backend, () => result.data())
    const difference = expected[i] && describeMismatches(actual, expected[i])
    if (difference !== undefined) throw new Error(`${what}, result ${i}: ${difference}`)
  }
}
