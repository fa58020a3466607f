import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  DTypeError,
  einsum,
  gradients,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { Random } from '../index-algebra/random.testing.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { planOf, wave } from '../schedule/plans.testing.ts'
import { wrong } from '../wrong.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

interface Factor {
  readonly labels: string
  readonly values: readonly number[]
  readonly shape: readonly number[]
}

/** The sum by its definition: over all values of all labels. */
function bruteForce(factors: readonly Factor[], output: string): number[] {
  const sizes = new Map<string, number>()
  for (const { labels, shape } of factors) {
    for (const [axis, label] of [...labels].entries()) sizes.set(label, shape[axis] ?? 0)
  }
  const names = [...sizes.keys()]
  const flat = (labels: string, at: ReadonlyMap<string, number>) =>
    [...labels].reduce((sum, label) => sum * (sizes.get(label) ?? 0) + (at.get(label) ?? 0), 0)
  const sizeOf = (labels: readonly string[]) =>
    labels.reduce((size, label) => size * (sizes.get(label) ?? 0), 1)
  const result = new Array<number>(sizeOf([...output])).fill(0)
  for (let point = 0; point < sizeOf(names); point++) {
    let rest = point
    const at = new Map<string, number>()
    for (const name of names) {
      at.set(name, rest % (sizes.get(name) ?? 1))
      rest = Math.floor(rest / (sizes.get(name) ?? 1))
    }
    const product = factors.reduce(
      (p, { labels, values }) => p * (values[flat(labels, at)] ?? 0),
      1,
    )
    result[flat(output, at)] = (result[flat(output, at)] ?? 0) + product
  }
  return result
}

function randomFactor(random: Random, sizes: ReadonlyMap<string, number>): Factor {
  const rank = random.integer(0, 3)
  const labels = Array.from({ length: rank }, () => random.pick(['a', 'b', 'c', 'd'])).join('')
  const shape = [...labels].map((label) => sizes.get(label) ?? 1)
  const length = shape.reduce((size, n) => size * n, 1)
  return { labels, shape, values: Array.from({ length }, () => random.integer(-3, 3)) }
}

describe('einsum', () => {
  test('is the sum of products that the equation says, for random equations', async () => {
    const random = new Random(11)
    for (let i = 0; i < 150; i++) {
      const sizes = new Map(['a', 'b', 'c', 'd'].map((label) => [label, random.integer(1, 3)]))
      const count = random.integer(1, 4)
      const factors = Array.from({ length: count }, () => randomFactor(random, sizes))
      const known = [...new Set(factors.flatMap(({ labels }) => [...labels]))]
      const output = random.shuffle(known).slice(0, random.integer(0, known.length)).join('')
      const equation = `${factors.map(({ labels }) => labels).join(',')}->${output}`
      const operands = factors.map(({ values, shape }) => tensor(values, { shape }))
      const y = einsum(equation, ...operands)
      expect(y.shape, equation).toEqual([...output].map((label) => sizes.get(label)))
      // Sums of products of integers are exact; −0 is 0 here.
      const got = Array.from(await y.data(), (value) => value + 0)
      expect(got, `${equation}, number ${i}`).toEqual(
        bruteForce(factors, output).map((value) => value + 0),
      )
      const slopes = gradients(y.sum(), operands)
      for (const [n, factor] of factors.entries()) {
        // Linear in each operand: its gradient times the operand is the sum itself.
        const along = [...((await slopes[n]?.data()) ?? [])]
        const total = along.reduce((sum, slope, e) => sum + slope * (factor.values[e] ?? 0), 0)
        expect(total, `${equation}, by operand ${n}`).toBeCloseTo(
          bruteForce(factors, '')[0] ?? 0,
          6,
        )
      }
    }
  })

  test('the gradient by each element is the sum with it alone', async () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    const x = tensor(values, { shape: [3, 3] })
    expect(
      await gradients(
        einsum('ii->i', x)
          .mul(tensor([1, 10, 100]))
          .sum(),
        x,
      ).array(),
    ).toEqual([
      [1, 0, 0],
      [0, 10, 0],
      [0, 0, 100],
    ])
  })

  test('an ellipsis stands for any axes, which broadcast', async () => {
    const [a, b] = [wave([2, 1, 3, 4]), wave([5, 4, 2], 2)]
    const y = einsum('...ij,...jk->...ik', a, b)
    expect(y.shape).toEqual([2, 5, 3, 2])
    expect(await y.array()).toEqual(await a.matmul(b).array())
    expect(einsum('...ij,...jk', a, b).shape).toEqual([2, 5, 3, 2])
    expect(einsum('i...->...i', a).shape).toEqual([1, 3, 4, 2])
    expect(einsum('...,...', wave([3, 1]), wave([4])).shape).toEqual([3, 4])
    expect(einsum('...i->i...', wave([2, 3])).shape).toEqual([3, 2])
    const [da] = gradients(y.sum(), [a])
    expect(da?.shape).toEqual(a.shape)
  })

  test('without an arrow the labels that occur once are left, in order', async () => {
    expect(einsum('ba', wave([2, 3])).shape).toEqual([3, 2])
    expect(einsum('ij,jk', wave([2, 3]), wave([3, 4])).shape).toEqual([2, 4])
    expect(einsum('b a , c', wave([2, 3]), wave([4])).shape).toEqual([3, 2, 4])
    expect(einsum('aB', wave([2, 3])).shape).toEqual([3, 2])
  })

  test('of int32, and of sizes 0', async () => {
    const x = tensor([2 ** 24 + 1, 1], { dtype: 'int32' })
    expect(await einsum('i,i->', x, x).item()).toBe(((2 ** 24 + 1) ** 2 + 1) | 0)
    expect(await einsum('ij,jk->ik', zeros([2, 0]), zeros([0, 3])).array()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(await einsum(',->', tensor(3), tensor(4)).item()).toBe(12)
  })
})

describe('einsum makes', () => {
  const kinds = (equation: string, ...shapes: number[][]) =>
    planOf(() => [einsum(equation, ...shapes.map((shape, i) => wave(shape, i)))]).kernels.map(
      ({ kind }) => kind,
    )

  test.each<[string, number[][], string[]]>([
    [
      'ij,jk->ik',
      [
        [3, 4],
        [4, 5],
      ],
      ['contract'],
    ],
    [
      'ij,kj->ki',
      [
        [3, 4],
        [5, 4],
      ],
      ['contract'],
    ],
    [
      'bhqd,bhkd->bhqk',
      [
        [2, 3, 4, 5],
        [2, 3, 6, 5],
      ],
      ['contract'],
    ],
    [
      'bqhd,bkhd->bhqk',
      [
        [2, 4, 3, 5],
        [2, 6, 3, 5],
      ],
      ['contract'],
    ],
    [
      'abij,cjbi->ac',
      [
        [3, 2, 4, 5],
        [6, 5, 2, 4],
      ],
      ['contract'],
    ],
    [
      'ij,jk,kl->il',
      [
        [3, 4],
        [4, 5],
        [5, 6],
      ],
      ['contract', 'contract'],
    ],
    // A product with a vector has nothing that a tile could share.
    [
      'bij,bj->bi',
      [
        [2, 3, 4],
        [2, 4],
      ],
      ['reduce'],
    ],
    ['i,j->ij', [[3], [4]], ['map']],
    [
      'ij,ij->ij',
      [
        [3, 4],
        [3, 4],
      ],
      ['map'],
    ],
    ['ii', [[4, 4]], ['reduce']],
    ['ijk->kij', [[2, 3, 4]], ['map']],
  ])('of %s %j: %j', (equation, shapes, wanted) => {
    expect(kinds(equation, ...shapes)).toEqual(wanted)
  })

  test('a contraction whose axes are those of the arrays, without digits', () => {
    const build = () => [einsum('bqhd,bkhd->bhqk', wave([2, 4, 3, 5]), wave([2, 6, 3, 5]))]
    const [kernel] = planOf(build).kernels
    if (kernel?.kind !== 'contract') throw new Error('no contraction')
    const loads = [...kernel.left.program, ...kernel.right.program]
    for (const step of loads) expect(step.op === 'load' ? step.index.digits : []).toEqual([])
    expect(kernel.axes).toEqual([2, 3, 4, 6, 5])
  })

  test('gradients that are contractions too', () => {
    const [q, k] = [wave([2, 3, 4, 5]), wave([2, 3, 6, 5])]
    const build = () =>
      gradients(
        einsum('bhqd,bhkd->bhqk', q, k)
          .mul(wave([2, 3, 4, 6]))
          .sum(),
        [q, k],
      )
    expect(planOf(build).kernels.map(({ kind }) => kind)).toEqual(['contract', 'contract'])
  })
})

describe('einsum refuses', () => {
  const [a, b] = [zeros([2, 3]), zeros([3, 4])]

  test.each([
    ['ij,j?->i', "at position 4 is '?'"],
    ['i.j,jk->ik', "at position 1 is '.'"],
    ['ij,jk>ik', "at position 5 is '>'"],
    ['ij,jk->ik->i', "at position 9 is '->'"],
    ['ij,jk->i,k', "at position 8 is ','"],
    ['ij,jk->im', "at position 8 is 'm', which no operand has"],
    ['ij,jk->ii', "at position 8 is a second 'i'"],
    ['...i...j,jk', "at position 4 is a second '...'"],
    ['ij,jk->...i', "at position 7 is '...', which no operand has"],
    ['...j,jk->k', "at position 9 is the result, which has no '...'"],
  ])('%s', (equation, message) => {
    expect(() => einsum(equation, a, b)).toThrow(ArgumentError)
    expect(() => einsum(equation, a, b)).toThrow(`einsum: equation '${equation}': ${message}`)
  })

  test('shapes that do not fit', () => {
    expect(() => einsum('ij,jk->ik', a)).toThrow(
      "einsum: equation 'ij,jk->ik' with 2 operands and 1 tensors",
    )
    expect(() => einsum('ijk,jk->i', a, b)).toThrow(ShapeError)
    expect(() => einsum('ijk,jk->i', a, b)).toThrow(
      "equation 'ijk,jk->i' names 3 axes of operand 0, which is [2, 3]",
    )
    expect(() => einsum('i...jk,jk', a, b)).toThrow('names 3 axes of operand 0')
    expect(() => einsum('ij,kj->ik', a, b)).toThrow(ShapeError)
    expect(() => einsum('ij,kj->ik', a, b)).toThrow(
      "'j' has sizes 3 and 4, the second in operand 1, which is [3, 4]; wanted one size per label.",
    )
    expect(() => einsum('ii', a)).toThrow("'i' has sizes 2 and 3, the second in operand 0")
    expect(() => einsum('...,...', a, b)).toThrow("an axis of '...' has sizes 2 and 3")
  })

  test('dtypes and what is no tensor', () => {
    expect(() => einsum('i->')).toThrow('einsum: no tensors; wanted at least one.')
    expect(() => einsum('i->', wrong<Tensor>(3))).toThrow('einsum: operand 0 is number')
    expect(() => einsum(wrong(a), a)).toThrow('an equation that is object')
    const integers: Tensor = wrong(zeros([3, 4], 'int32'))
    expect(() => einsum('ij,jk->ik', a, integers)).toThrow(DTypeError)
    expect(() => einsum('i->', zeros([2], 'bool'))).toThrow(
      'a is bool; wanted float32 or float64 or float16 or int32',
    )
  })
})
