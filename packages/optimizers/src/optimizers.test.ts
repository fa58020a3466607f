import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  compile,
  DTypeError,
  gradients,
  Parameter,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type Adam,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  lion,
  nadam,
  OptimizerBase,
  type RuleInput,
  radam,
  rmsprop,
  Sgd,
  sgd,
} from './index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const weight = (...values: number[]) => new Parameter(tensor(values))

/** A compiled step of Σ w², whose gradient is 2 w. */
function shrink(optimizer: Sgd | Adam, parameter: Parameter) {
  return compile(() => {
    const loss = parameter.value.square().sum()
    optimizer.update([parameter], gradients(loss, [parameter]))
    return loss
  })
}

describe('options', () => {
  test.each([
    ['learningRate', () => sgd({ learningRate: -1 })],
    ['learningRate', () => adam({ learningRate: Number.NaN })],
    ['learningRate', () => sgd({ learningRate: Number.POSITIVE_INFINITY })],
    ['momentum', () => sgd({ momentum: 1 })],
    ['nesterov', () => sgd({ nesterov: true })],
    ['beta1', () => adam({ beta1: -0.1 })],
    ['beta2', () => adam({ beta2: 1 })],
    ['epsilon', () => adam({ epsilon: 0 })],
    ['weightDecay', () => sgd({ weightDecay: -1 })],
    ['weightDecay', () => adamW({ weightDecay: -1 })],
    ['weightDecay', () => lion({ weightDecay: Number.NaN })],
    ['beta2', () => lion({ beta2: 1 })],
    ['initialAccumulatorValue', () => adagrad({ initialAccumulatorValue: -1 })],
    ['epsilon', () => adagrad({ epsilon: 0 })],
    ['rho', () => adadelta({ rho: 1 })],
    ['epsilon', () => adadelta({ epsilon: -1 })],
    ['rho', () => rmsprop({ rho: -0.5 })],
    ['momentum', () => rmsprop({ momentum: 1 })],
    ['beta1', () => adamax({ beta1: 1 })],
    ['momentumDecay', () => nadam({ momentumDecay: -1 })],
    ['beta2', () => radam({ beta2: 0.5 })],
    ['adamW: beta1', () => adamW({ beta1: 1 })],
    ['clipNorm', () => adam({ clipNorm: 0 })],
    [
      "limits ['clipValue', 'globalClipNorm']; wanted one way",
      () => sgd({ clipValue: 1, globalClipNorm: 1 }),
    ],
  ])('outside their range are refused: %s', (name, make) => {
    expect(make).toThrow(ArgumentError)
    expect(make).toThrow(name)
  })

  test("have Keras' defaults", async () => {
    expect(sgd()).toBeInstanceOf(Sgd)
    expect(await sgd().learningRate.item()).toBe(Math.fround(0.01))
    expect(await adam().learningRate.item()).toBe(Math.fround(0.001))
    const one = weight(1)
    adam().update([one], [tensor([3])])
    expect(await one.value.item()).toBeCloseTo(0.999, 6)
  })
})

describe('the learning rate', () => {
  test('changes between compiled steps without another trace', async () => {
    const parameter = weight(1)
    const optimizer = sgd({ learningRate: 0.25 })
    let traces = 0
    const step = compile((slope: Tensor) => {
      traces++
      optimizer.update(parameter, slope)
    })
    step(tensor([1]))
    optimizer.learningRate = 0.5
    step(tensor([1]))
    expect(await parameter.value.item()).toBe(0.25)
    expect(await optimizer.learningRate.item()).toBe(0.5)
    expect(traces).toBe(1)
    expect(() => {
      optimizer.learningRate = -1
    }).toThrow(ArgumentError)
  })

  test('may be a schedule of the step, counted from 0', async () => {
    const parameter = weight(0)
    const optimizer = sgd({ learningRate: (step) => step.cast('float32').add(1) })
    const step = compile((slope: Tensor) => optimizer.update(parameter, slope))
    for (let t = 0; t < 3; t++) step(tensor([-1]))
    expect(await parameter.value.item()).toBe(6)
    expect(await optimizer.learningRate.item()).toBe(4)
    expect(optimizer.state).not.toHaveProperty('learningRate')
    expect(() => {
      optimizer.learningRate = 1
    }).toThrow(/schedule/)
  })
})

describe('state', () => {
  test('is named by slot and by place in the tree, and is made when it is needed', async () => {
    const model = { dense: { kernel: weight(1, 2), bias: weight(3) } }
    const optimizer = adam({ amsgrad: true })
    expect(Object.keys(optimizer.state)).toEqual([
      'step',
      'learningRate',
      'firstMoment',
      'secondMoment',
      'maxSecondMoment',
    ])
    expect(optimizer.state.firstMoment).toEqual({})
    const step = compile(() => {
      const loss = model.dense.kernel.value.sum().add(model.dense.bias.value.sum())
      optimizer.update(model, gradients(loss, model))
    })
    step()
    step()
    const { step: count, firstMoment, maxSecondMoment } = optimizer.state
    expect(count).toBeInstanceOf(Parameter)
    if (!(count instanceof Parameter)) throw new Error('the step is no parameter')
    expect([count.dtype, count.trainable, await count.value.item()]).toEqual(['int32', false, 2])
    expect(Object.keys(firstMoment ?? {})).toEqual(['dense.kernel', 'dense.bias'])
    expect(Object.keys(maxSecondMoment ?? {})).toEqual(['dense.kernel', 'dense.bias'])
  })

  test('can be made beforehand, as for restoring it', () => {
    const optimizer = sgd({ momentum: 0.9 })
    optimizer.build({ a: weight(1), frozen: new Parameter(tensor([1]), { trainable: false }) })
    expect(Object.keys(optimizer.state.momentum ?? {})).toEqual(['a'])
  })

  test('does not pass from one model to another', () => {
    const optimizer = sgd({ momentum: 0.9 })
    optimizer.update({ a: weight(1) }, { a: tensor([1]) })
    expect(() => optimizer.update({ a: weight(1) }, { a: tensor([1]) })).toThrow(
      /another parameter at 'a' than before[\s\S]*one optimiser per model/,
    )
  })
})

describe('an update', () => {
  test('brings a loss down, step by step and compiled alike', async () => {
    for (const optimizer of [sgd({ learningRate: 0.1 }), adam({ learningRate: 0.1 })]) {
      const parameter = weight(1, -2)
      const step = shrink(optimizer, parameter)
      const first = await step().item()
      for (let t = 0; t < 99; t++) step()
      expect(await step().item()).toBeLessThan(first * 1e-2)
    }
  })

  test('skips what is not trainable', async () => {
    const frozen = new Parameter(tensor([1]), { trainable: false })
    const free = weight(1)
    sgd({ learningRate: 1 }).update({ frozen, free }, { frozen: tensor([1]), free: tensor([1]) })
    expect([await frozen.value.item(), await free.value.item()]).toEqual([1, 0])
  })

  test('takes a parameter that stands in two places once', async () => {
    const shared = weight(1)
    const optimizer = sgd({ learningRate: 0.25 })
    const tree = { encoder: shared, decoder: shared }
    optimizer.update(tree, gradients(shared.value.mul(2).sum(), tree))
    expect(await shared.value.item()).toBe(0.5)
  })

  test('works in float64', async () => {
    const parameter = new Parameter<'float64'>(tensor([1], { dtype: 'float64' }))
    const optimizer = adam({ learningRate: 0.125, globalClipNorm: 1 })
    optimizer.update([parameter], [tensor([1e-3], { dtype: 'float64' })])
    expect(await parameter.value.item()).toBeCloseTo(1 - 0.125 / (1 + 1e-7 / 1e-3), 9)
  })

  test('of nothing is only counted', async () => {
    const optimizer = sgd({ globalClipNorm: 1 })
    optimizer.update({}, {})
    const { step } = optimizer.state
    if (step instanceof Parameter) expect(await step.value.item()).toBe(1)
  })
})

describe('trees that do not match', () => {
  const model = { kernel: weight(1, 2), bias: weight(3) }
  const slopes = { kernel: tensor([1, 2]), bias: tensor([3]) }
  const update = (gradientTree: object) => () => sgd().update(model, gradientTree as typeof slopes)

  test.each([
    [
      'a missing gradient',
      { kernel: slopes.kernel },
      ArgumentError,
      "no gradient for the parameter 'bias'",
    ],
    [
      'one too many',
      { ...slopes, extra: tensor([1]) },
      ArgumentError,
      "a gradient 'extra' without a parameter",
    ],
    ['no tensor', { ...slopes, bias: 3 }, ArgumentError, "3 at 'bias' of the gradients"],
    [
      'another shape',
      { ...slopes, bias: tensor([1, 2]) },
      ShapeError,
      "a gradient [2] for 'bias'; wanted [1]",
    ],
    [
      'another dtype',
      { ...slopes, bias: tensor([1], { dtype: 'int32' }) },
      DTypeError,
      "int32 for 'bias'; wanted float32",
    ],
  ] as const)('are refused, and nothing changes: %s', async (_, gradientTree, type, message) => {
    expect(update(gradientTree)).toThrow(type)
    expect(update(gradientTree)).toThrow(message)
    expect(await model.kernel.value.array()).toEqual([1, 2])
  })

  test('name what is no parameter', () => {
    const tree: object = { bias: tensor([1]) }
    expect(() => sgd().update(tree as typeof model, { bias: tensor([1]) })).toThrow(
      "a tensor at 'bias' of the parameters; wanted a Parameter",
    )
  })
})

test("a rule of one's own needs its formula alone", async () => {
  class SignDescent extends OptimizerBase {
    protected override readonly slotNames = []
    protected override rule({ value, gradient, learningRate }: RuleInput<never>) {
      const sign = gradient.greater(0).cast(value.dtype).sub(gradient.less(0).cast(value.dtype))
      return { value: value.sub(sign.mul(learningRate)), slots: {} }
    }
  }
  const parameter = weight(1, 2)
  const optimizer = new SignDescent('signDescent', { learningRate: 0.5 })
  optimizer.update(parameter, tensor([3, -4]))
  expect(await parameter.value.array()).toEqual([0.5, 2.5])
})
