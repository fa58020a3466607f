import { describe, expect, test } from 'vitest'
import {
  ArgumentError,
  batchNorm,
  defineOp,
  gather,
  gradients,
  logSoftmax,
  maxPool1d,
  ones,
  Parameter,
  setBackend,
  softmax,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  sum,
  type Tensor,
  tensor,
  topK,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { kernelsOf, planOf, wave } from './plans.testing.ts'

const kindsOf = (build: () => Tensor[]) => planOf(build).kernels.map(({ kind }) => kind)

describe('one row kernel', () => {
  const logits = wave([32, 10])
  const labels = tensor(
    Array.from({ length: 32 }, (_, i) => i % 10),
    { dtype: 'int32' },
  )

  test('is softmax, and logSoftmax', () => {
    expect(kindsOf(() => [softmax(logits)])).toEqual(['row'])
    expect(kindsOf(() => [logSoftmax(logits)])).toEqual(['row'])
  })

  test('is the gradient of cross entropy', () => {
    const grad = () => gradients(sparseSoftmaxCrossEntropy(logits, labels), [logits])
    expect(kindsOf(grad)).toEqual(['row'])
  })

  test('are the losses of the rows and their gradient', () => {
    const losses = () => {
      const loss = sparseSoftmaxCrossEntropy(logits, labels, { reduction: 'none' })
      return [loss, ...gradients(loss.sum(), [logits])]
    }
    expect(kindsOf(losses)).toEqual(['row'])
    const soft = softmax(wave([32, 10], 2))
    const dense = () => {
      const loss = softmaxCrossEntropy(logits, soft, { reduction: 'none' })
      return [loss, ...gradients(loss.sum(), [logits])]
    }
    expect(kindsOf(dense).filter((kind) => kind === 'row')).toHaveLength(1)
  })

  test('is layer normalisation', () => {
    const normalised = () => {
      const centred = logits.sub(logits.mean(1, { keepDims: true }))
      const variance = centred.square().mean(1, { keepDims: true })
      return [centred.div(variance.add(1e-5).sqrt())]
    }
    expect(kindsOf(normalised)).toEqual(['row'])
  })

  test('sums long rows in one walk, as far as sums do not need each other', () => {
    const [x, y] = [wave([4, 9000]), wave([4, 9000], 2)]
    expect(kindsOf(() => [x.sum(1), x.mul(y).sum(1), x.max(1)])).toEqual(['reduce'])
    const variance = () => [
      x
        .sub(x.mean(1, { keepDims: true }))
        .square()
        .sum(1),
    ]
    expect(kindsOf(variance)).toEqual(['reduce', 'reduce'])
  })

  test.each([
    [
      [8, 33, 40, 6],
      ['reduce', 'reduce', 'map', 'reduce', 'map'],
    ],
    [
      [5000, 4],
      ['row', 'map', 'reduce', 'map'],
    ],
  ])('is the least with which %j is normalised by its batch, gradients included', (...row) => {
    const [shape, kinds] = row
    const [x, dy] = [wave(shape), wave(shape, 2)]
    const [gamma, beta] = [wave(shape.slice(-1)), wave(shape.slice(-1), 3)]
    const statistics = [zeros(gamma.shape), ones(gamma.shape)] as const
    const build = () => {
      const { y } = batchNorm(x, gamma, beta, ...statistics, { training: true })
      return [y, ...gradients(y.relu().mul(dy).sum(), [x, gamma, beta])]
    }
    expect(kindsOf(build)).toEqual(kinds)
  })

  test('is not made of rows too long to walk again', () => {
    expect(kindsOf(() => [softmax(wave([4, 8193]))])).not.toEqual(['row'])
    expect(kindsOf(() => [softmax(wave([4, 8192]))])).toEqual(['row'])
  })
})

describe('a training step of a small perceptron', () => {
  const images = wave([32, 20])
  const labels = tensor(
    Array.from({ length: 32 }, (_, i) => i % 10),
    { dtype: 'int32' },
  )
  const shapes = [[20, 16], [16], [16, 10], [10]]

  function lossAndGradients(parameters: readonly Parameter[]): { loss: Tensor; grads: Tensor[] } {
    const [w1, b1, w2, b2] = parameters.map((parameter) => parameter.value)
    if (!w1 || !b1 || !w2 || !b2) throw new Error('four parameters are wanted')
    const logits = images.matmul(w1).add(b1).relu().matmul(w2).add(b2)
    const loss = sparseSoftmaxCrossEntropy(logits, labels)
    return { loss, grads: gradients(loss, [...parameters]) }
  }

  test('with gradient descent is at most 10 kernels', () => {
    const parameters = shapes.map((shape) => new Parameter(wave(shape)))
    const kernels = kernelsOf(() => {
      const { loss, grads } = lossAndGradients(parameters)
      parameters.forEach((parameter, i) => {
        const grad = grads[i]
        if (grad !== undefined) parameter.assign(parameter.value.sub(grad.mul(0.1)))
      })
      return [loss]
    })
    expect(kernels.length).toBeLessThanOrEqual(10)
    expect(kernels.filter((kernel) => kernel.startsWith('contract'))).toHaveLength(5)
  })

  test('with Adam updates each parameter and its moments in one kernel', () => {
    const make = () => shapes.map((shape) => new Parameter(wave(shape).square()))
    const [parameters, firsts, seconds] = [make(), make(), make()]
    const kernels = kernelsOf(() => {
      const { loss, grads } = lossAndGradients(parameters)
      parameters.forEach((parameter, i) => {
        const [grad, first, second] = [grads[i], firsts[i], seconds[i]]
        if (!grad || !first || !second) return
        const m = first.value.mul(0.9).add(grad.mul(0.1))
        const v = second.value.mul(0.999).add(grad.square().mul(0.001))
        first.assign(m)
        second.assign(v)
        parameter.assign(parameter.value.sub(m.div(v.sqrt().add(1e-7)).mul(0.01)))
      })
      return [loss]
    })
    expect(kernels.length).toBeLessThanOrEqual(10)
  })
})

describe('several results', () => {
  const x = wave([6, 8])

  test('of one input over one space share a loop', () => {
    expect(kernelsOf(() => [x.exp(), x.relu(), x.mul(2)])).toHaveLength(1)
    expect(kindsOf(() => [sum(x, 1), x.max(1), x.min(1)])).toEqual(['reduce'])
  })

  test('that have nothing in common do not', () => {
    expect(kernelsOf(() => [x.exp(), wave([6, 8]).relu()])).toHaveLength(2)
  })

  test('over different spaces do not', () => {
    expect(kernelsOf(() => [sum(x, 0), sum(x, 1)])).toHaveLength(2)
  })
})

test('a backend without row kernels gets maps and reductions with their epilogues', () => {
  const x = wave([6, 8])
  const backend = new NaiveBackend('loops', [], ['map', 'reduce'])
  const steps = [
    () => [softmax(x)],
    () =>
      gradients(
        softmax(x.matmul(wave([8, 8])))
          .square()
          .sum(),
        [x],
      ),
    () => [sum(x, 1), x.max(1)],
  ]
  for (const build of steps) {
    for (const { kind } of planOf(build, backend).kernels) expect(['map', 'reduce']).toContain(kind)
  }
})

test('a product of elements at computed places is right as loops', async () => {
  await setBackend(new NaiveBackend('loops', [], ['map', 'reduce']))
  const places = tensor([0, 0, 1, 0, 0, 0, 0, 0], { shape: [2, 4], dtype: 'int32' })
  // [2, 2, 4]: both factors are read at computed places.
  const chosen = gather(tensor([1, 2, 3, 4], { shape: [2, 2] }), places, 1)
  expect(await chosen.matmul(chosen.transpose([0, 2, 1])).array()).toEqual([
    [
      [7, 5],
      [5, 4],
    ],
    [
      [43, 39],
      [39, 36],
    ],
  ])
})

test('what an op without elements would read at computed places needs no kernel of its own', async () => {
  await setBackend(new NaiveBackend())
  const pooled = maxPool1d(wave([1, 3, 1]), { poolSize: [2], strides: [1], padding: 'same' })
  const sums = sum(pooled.mul(wave([1, 3, 2])), [1, 2])
  expect(await topK(sums, 0).values.data()).toHaveLength(0)
})

test('an op that reduces over two ranges at once is refused by name', () => {
  const both = defineOp<'x'>({
    name: 'bothSums',
    infer: ({ x }) => ({ shape: [], dtype: x.dtype }),
    lower: ({ x }, { reduce, scalar, space }) => {
      const zero = space.constant(0)
      const column = reduce('sum', [6], ([i = zero]) => x.at(i, zero))
      return scalar.add(
        column,
        reduce('sum', [8], ([i = zero]) => x.at(zero, i)),
      )
    },
  })
  const step = () => [both.apply({ x: wave([6, 8]) }, {})]
  expect(() => kernelsOf(step)).toThrow(ArgumentError)
  expect(() => kernelsOf(step)).toThrow(
    'bothSums: a lowering with reductions over different ranges',
  )
})
