import {
  type AnyTensor,
  argMax,
  type Backend,
  cast,
  compile,
  div,
  exp,
  full,
  gradients,
  greater,
  log,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  ones,
  pad,
  relu,
  sigmoid,
  softmax,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  sqrt,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  where,
  withBackend,
  zeros,
} from '@tensorweft/core'
import type { CaseDefinition } from '../case.ts'
import { checkNear, checkSame, type Tolerance } from '../compare-arrays.ts'

const { NaN: none, POSITIVE_INFINITY: infinite } = Number

/** A result with what it should be. */
type Expectation = readonly [
  what: string,
  result: AnyTensor,
  wanted: readonly number[],
  tolerance?: Tolerance,
]

/** A case that reads tensors and compares them with numbers written out. */
function valuesCase(name: string, expectations: () => readonly Expectation[]): CaseDefinition {
  return {
    name: `numbers: ${name}`,
    body: async ({ backend }) => {
      for (const [what, result, wanted, tolerance] of expectations()) {
        const got = await read(backend, result)
        if (tolerance === undefined) checkSame(what, got, wanted)
        else checkNear(what, got, wanted, tolerance)
      }
    },
  }
}

function read(backend: Backend, x: AnyTensor) {
  return withBackend(backend, () => x.data())
}

const float32 = { relative: 1e-6 }

const large: readonly CaseDefinition[] = [
  valuesCase('softmax of large and infinite logits', () => [
    ['shifted', softmax(tensor([1e4, 1e4, -1e4])), [0.5, 0.5, 0]],
    ['one −∞', softmax(tensor([0, -infinite, 0])), [0.5, 0, 0.5]],
    ['all −∞', softmax(tensor([-infinite, -infinite])), [none, none]],
    ['∞', softmax(tensor([5, infinite, -infinite])), [none, none, none]],
    ['log', logSoftmax(tensor([1e4, 0, -1e4])), [0, -1e4, -2e4]],
    ['log of −∞', logSoftmax(tensor([0, -infinite])), [0, -infinite]],
    ['column', softmax(tensor([[80], [-80]]), 0), [1, Math.exp(-160)], { absolute: 1e-37 }],
  ]),
  valuesCase('logSumExp neither overflows nor loses −∞', () => [
    ['large', logSumExp(tensor([1000, 1000])), [1000 + Math.LN2], float32],
    ['small', logSumExp(tensor([-1000, -1000])), [-1000 + Math.LN2], float32],
    ['all −∞', logSumExp(tensor([-infinite, -infinite])), [-infinite]],
    ['∞', logSumExp(tensor([0, infinite])), [infinite]],
  ]),
  valuesCase('sigmoid, tanh and exp saturate', () => [
    ['sigmoid', sigmoid(tensor([-1000, -90, 90, 1000])), [0, Math.exp(-90), 1, 1], float32],
    ['tanh', tanh(tensor([-1000, -20, 20, 1000])), [-1, -1, 1, 1]],
    ['exp', exp(tensor([-1000, 1000, -infinite, infinite])), [0, infinite, 0, infinite]],
    ['log', log(tensor([0, -1, infinite])), [-infinite, none, infinite]],
    ['sqrt', sqrt(tensor([-1, 0, infinite])), [none, 0, infinite]],
  ]),
  valuesCase('cross entropy of extreme logits and its gradient stay finite', () => {
    const logits = tensor([
      [1e4, 0, -1e4],
      [-1e4, 1e4, 0],
    ])
    const labels = tensor([2, 1], { dtype: 'int32' })
    const loss = sparseSoftmaxCrossEntropy(logits, labels)
    const soft = softmaxCrossEntropy(
      logits,
      tensor([
        [0, 0, 1],
        [0, 1, 0],
      ]),
    )
    return [
      ['loss', loss, [1e4]],
      ['loss from probabilities', soft, [1e4]],
      ['gradient', gradients(loss, [logits])[0] ?? loss, [0.5, 0, -0.5, 0, 0, 0]],
    ]
  }),
  valuesCase('variance far from zero keeps its digits', () => {
    const values = Array.from(
      { length: 1000 },
      (_, i) => 1e4 + (i % 2 === 0 ? 2 ** -9 : -(2 ** -9)),
    )
    const x = tensor(values)
    const variance = mean(sub(x, mean(x)).square())
    return [['variance', variance, [2 ** -18], { relative: 1e-3 }]]
  }),
  valuesCase('int32 wraps, and is divided as float', () => [
    ['add', tensor([2147483647], { dtype: 'int32' }).add(1), [-2147483648]],
    ['mul', tensor([65536], { dtype: 'int32' }).mul(65537), [65536]],
    ['sum', sum(tensor([2147483647, 5], { dtype: 'int32' })), [-2147483644]],
    ['div', tensor([7, -7], { dtype: 'int32' }).div(2), [3.5, -3.5]],
    ['mean', mean(tensor([1, 2], { dtype: 'int32' })), [1.5]],
  ]),
]

const undefinedNumbers: readonly CaseDefinition[] = [
  valuesCase('NaN passes through max, min and relu', () => {
    const x = tensor([1, none, 3])
    return [
      ['max', max(x), [none]],
      ['min', min(x), [none]],
      ['maximum', maximum(x, 2), [2, none, 3]],
      ['relu', relu(tensor([none, -1, 1])), [none, 0, 1]],
      ['greater', cast(greater(x, 0), 'int32'), [1, 0, 1]],
    ]
  }),
  valuesCase('argMax takes the first of equals, and the first NaN', () => [
    ['ties', argMax(tensor([1, 3, 3, 2])), [1]],
    ['NaN', argMax(tensor([1, none, 3, none])), [1]],
    ['all −∞', argMax(tensor([-infinite, -infinite])), [0]],
    ['long ties', argMax(tensor(new Float32Array(5000).fill(2))), [0]],
  ]),
  valuesCase('max shares its gradient among equals', () => {
    const x = tensor([2, 5, 5, 5, 1])
    const many = tensor(new Float32Array(4096).fill(1))
    const slopes = gradients(max(x), [x])[0] ?? x
    const shares = gradients(max(many), [many])[0] ?? many
    return [
      ['three ties', slopes, [0, 1 / 3, 1 / 3, 1 / 3, 0], float32],
      ['sum of shares', sum(shares), [1]],
    ]
  }),
  valuesCase('what `where` does not choose has no influence, on gradients neither', () => {
    const x = tensor([-1, 4])
    const y = where(greater(x, 0), sqrt(x), 0)
    const safe = where(greater(x, 0), sqrt(where(greater(x, 0), x, 1)), 0)
    return [
      ['value', y, [0, 2]],
      ['gradient', gradients(sum(safe), [x])[0] ?? x, [0, 0.25]],
    ]
  }),
  valuesCase('casts saturate, and NaN becomes 0', () => [
    [
      'int32',
      cast(tensor([1e12, -1e12, none, 2.9, -2.9]), 'int32'),
      [2147483647, -2147483648, 0, 2, -2],
    ],
    ['uint8', cast(tensor([300, -5, none, 2.9]), 'uint8'), [255, 0, 0, 2]],
    ['bool', cast(tensor([0, -0, none, 0.1]), 'bool'), [0, 0, 1, 1]],
    ['int32 to uint8', cast(tensor([300, -1], { dtype: 'int32' }), 'uint8'), [44, 255]],
  ]),
]

const [rows, columns] = [8, 1000]
const shown = Math.fround(0.2)

/** What each row of values becomes, by JavaScript: `others` where a value is not shown. */
function rowsWanted(
  values: Float32Array,
  end: (...seen: number[]) => number,
  others: number,
): number[] {
  return Array.from({ length: rows }, (_, row) => {
    const own = Array.from(values.subarray(row * columns, (row + 1) * columns))
    const last = end(...own.filter((value) => value > shown).map(Math.tanh))
    return own.map((value) => (value > shown ? Math.tanh(value) - last : others))
  }).flat()
}

/** Programs that hold several of the numbers that are easily taken for each other. */
const lookAlikes: readonly CaseDefinition[] = [
  {
    name: 'numbers: rows masked by infinities of both signs, and by NaN',
    body: async ({ backend }) => {
      const values = Float32Array.from({ length: rows * columns }, (_, i) => 2 * Math.sin(i * i))
      const check = async (end: 'min' | 'max', first: number, others: number) => {
        const step = compile((x: Tensor) => {
          const [isShown, t] = [greater(x, 0.2), tanh(x)]
          const reduce = end === 'min' ? min : max
          const last = reduce(where(isShown, t, first), 1, { keepDims: true })
          return sub(where(isShown, t, others), last)
        })
        const x = tensor(values, { shape: [rows, columns] })
        const got = await withBackend(backend, () => step(x).data())
        const wanted = rowsWanted(values, Math[end], others)
        checkNear(`${others} after ${first}`, got, wanted, { absolute: 1e-6 })
      }
      await check('min', infinite, -infinite)
      await check('max', -infinite, none)
    },
  },
  {
    name: 'numbers: quotients by zeros of both signs, chosen by products',
    body: async ({ backend }) => {
      const signs = Array.from({ length: 32 }, (_, i) => (i % 3 === 0 ? 1 : -1))
      const a = tensor(signs.map((sign) => Array.from({ length: 50 }, (_, k) => sign * (k + 1))))
      const step = compile((a: Tensor, b: Tensor) => {
        return div(1, where(greater(matmul(a, b), 0), zeros([1]), full([1], -0)))
      })
      const got = await withBackend(backend, () => step(a, ones([50, 1])).data())
      checkSame(
        'infinities',
        got,
        signs.map((sign) => sign * infinite),
      )
    },
  },
]

/** Paddings hold their value whatever is computed on the way in or out. */
const paddings: readonly CaseDefinition[] = [
  valuesCase('functions of padded tensors and paddings of functions', () => {
    const x = tensor([1, 2, 4])
    const around = [[1, 2]] as const
    return [
      ['sum of pad(1 / x)', sum(pad(tensor(1).div(x), around)), [1.75]],
      ['sum of pad(exp x)', sum(pad(exp(x.mul(0)), around)), [3]],
      ['exp of pad(x)', exp(pad(x.mul(0), around, 0)), [1, 1, 1, 1, 1, 1]],
      ['pad(log x) where x is 0 outside', pad(log(x.div(x)), around, 7), [7, 0, 0, 0, 7, 7]],
    ]
  }),
  valuesCase('two paddings of one tensor in one kernel', () => {
    const x = tensor([1, 2, 3])
    const left: Tensor = pad(x, [[2, 0]])
    const right: Tensor = pad(x, [[0, 2]])
    return [
      ['sum', left.add(right), [1, 2, 4, 2, 3]],
      ['product', left.mul(right), [0, 0, 3, 0, 0]],
      ['with other values', pad(x, [[2, 0]], 9).sub(pad(x, [[0, 2]], 5)), [8, 7, -2, -3, -2]],
    ]
  }),
]

/** Large values, infinities, NaN, and what must not make them. */
export const numberCases: readonly CaseDefinition[] = [
  ...large,
  ...undefinedNumbers,
  ...lookAlikes,
  ...paddings,
]
