import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  compile,
  customGradient,
  DTypeError,
  GradientError,
  grad,
  gradients,
  log1p,
  Parameter,
  recompute,
  round,
  ShapeError,
  setBackend,
  stopGradient,
  type Tensor,
  tensor,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const softplus = customGradient((x: Tensor) => ({
  value: log1p(x.exp()),
  gradient: (dy) => [dy.mul(x.sigmoid())],
}))

describe('customGradient', () => {
  test('gives the value of the function and the gradient of the rule', async () => {
    const x = tensor([0, 100])
    const y = softplus(x)
    const [dx] = gradients(y.sum(), [x])
    const [first] = await y.data()
    expect(first).toBeCloseTo(Math.LN2, 6)
    expect(await dx.array()).toEqual([0.5, 1])
  })

  test('carries the gradient by the result into the rule', async () => {
    const double = customGradient((x: Tensor) => ({ value: x, gradient: (dy) => [dy.mul(10)] }))
    const x = tensor([1, 2])
    const [dx] = gradients(
      double(x)
        .mul(tensor([3, 4]))
        .sum(),
      [x],
    )
    expect(await dx.array()).toEqual([30, 40])
  })

  test('has gradients of higher order: those of the rule', async () => {
    const slope = grad((x: Tensor) => softplus(x).sum())
    const curvature = grad((x: Tensor) => slope(x).sum())
    // σ'(0) = 1/4, and σ''(0) = 0
    expect(await curvature(tensor([0])).array()).toEqual([0.25])
    const third = grad((x: Tensor) => curvature(x).sum())
    expect(await third(tensor([0])).array()).toEqual([0])
  })

  test('works inside a compiled function, with parameters that are assigned', async () => {
    const w = new Parameter(tensor([0, 100]))
    const step = compile((rate: Tensor) => {
      const [dw] = gradients(softplus(w.value).sum(), [w])
      w.assign(w.value.sub(dw.mul(rate)))
      return dw
    })
    expect(await step(2).array()).toEqual([0.5, 1])
    expect(await w.value.array()).toEqual([-1, 98])
  })

  test('runs equal calls as one plan', async () => {
    const backend = new NaiveBackend()
    await setBackend(backend)
    for (const value of [1, 2, 3]) {
      const x = tensor([value])
      await gradients(softplus(x).sum(), [x])[0]?.data()
    }
    expect(backend.compiled).toHaveLength(1)
  })

  test('lets gradients through what has none, as a straight-through estimator does', async () => {
    const straight = customGradient((x: Tensor) => ({ value: round(x), gradient: (dy) => [dy] }))
    const x = tensor([0.7, 1.2])
    const y = straight(x)
    const [dx] = gradients(y.square().sum(), [x])
    expect([await y.array(), await dx.array()]).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  test('takes trees, parameters and plain arguments, each with its entry', async () => {
    const scaled = customGradient(
      ({ x, more }: { x: Tensor; more: Parameter[] }, factor: number, mask: Tensor<'bool'>) => ({
        value: x.mul(factor),
        gradient: (dy) => [{ x: dy.mul(2), more: more.map(({ value }) => value) }, mask.rank],
      }),
    )
    const [x, p] = [tensor([1, 2]), new Parameter(tensor([[7]]))]
    const [dx, dp] = gradients(scaled({ x, more: [p] }, 5, tensor([true])).sum(), [x, p])
    expect([await dx.array(), await dp.array()]).toEqual([[2, 2], [[7]]])
  })

  test('keeps what the rule needs, whatever the caller disposes of', async () => {
    const x = tensor([0])
    const y = softplus(x).sum()
    x.dispose()
    const w = tensor([2])
    const [dw] = gradients(y.mul(w).sum(), [w])
    expect(await dw.item()).toBeCloseTo(Math.LN2, 6)
  })

  test.each<[string, () => unknown, new (...args: never) => Error, string]>([
    [
      'a rule that gives no array',
      () => withRule((dy) => dy as never),
      ArgumentError,
      'customGradient: a gradient that gives object; wanted an array with an entry per argument',
    ],
    [
      'a gradient for what is no argument',
      () => withRule((dy) => [dy, dy]),
      ArgumentError,
      "a gradient at '1', where there is no tensor among the arguments; wanted gradients at '0'",
    ],
    [
      'a gradient of another shape',
      () => withRule((dy) => [dy.sum()]),
      ShapeError,
      "the gradient at '0' is []; wanted [2], the shape of the argument",
    ],
    [
      'a gradient that is no tensor',
      () => withRule(() => [3]),
      ArgumentError,
      "the gradient at '0' is number; wanted a tensor",
    ],
    [
      'a gradient of another dtype',
      () => withRule((dy) => [dy.cast('float64')]),
      DTypeError,
      "the gradient at '0' is float64; wanted float32, the dtype of the argument",
    ],
    [
      'fewer gradients than tensors',
      () => withRule(() => []),
      ArgumentError,
      "a gradient that gives nothing at '0'; wanted an array with an entry per argument",
    ],
    [
      'a function without a rule',
      () => withRule(undefined as never),
      ArgumentError,
      'customGradient: gradient is undefined; wanted a function',
    ],
    [
      'a function that gives nothing',
      () => customGradient(() => undefined as never)(),
      ArgumentError,
      'customGradient: value is undefined; wanted a tensor.\n  Hint: return { value, gradient }',
    ],
  ])('refuses %s', async (_, call, type, message) => {
    expect(call).toThrow(type)
    expect(call).toThrow(message)
    // The next one works as if nothing had happened.
    const x = tensor([0])
    expect(await gradients(softplus(x).sum(), [x])[0]?.array()).toEqual([0.5])
  })

  function withRule(gradient: (dy: Tensor) => readonly unknown[]) {
    const x = tensor([1, 2])
    const y = customGradient((x: Tensor) => ({ value: x.neg(), gradient }))(x)
    return gradients(y.sum(), [x])
  }

  test('gives zeros where the rule gives nothing', async () => {
    const [dx] = withRule(() => [undefined])
    expect(await dx?.array()).toEqual([0, 0])
  })

  test('refuses a gradient by what the function uses without taking it', () => {
    const [x, w] = [tensor([1, 2]), tensor([3, 4])]
    const f = customGradient((x: Tensor) => ({ value: x.mul(w), gradient: (dy) => [dy] }))
    expect(gradients(f(x).sum(), [x])).toHaveLength(1)
    expect(() => gradients(f(x).sum(), [x, w])).toThrow(GradientError)
    expect(() => gradients(f(x).sum(), [w])).toThrow(
      'customGradient: a gradient by a tensor [2] that the function uses without taking it',
    )
  })

  test('refuses to miss what it uses of an argument in another way', async () => {
    const x = tensor([1, 2])
    const by = (v: Tensor) => {
      const f = customGradient((x: Tensor) => ({ value: x.mul(v), gradient: (dy) => [dy.mul(v)] }))
      return () => gradients(f(x).sum(), [x])
    }
    expect(by(x.mul(2))).toThrow('a tensor [2] that the function uses without taking it')
    const inside = recompute((x: Tensor) => {
      const v = x.mul(2)
      return customGradient((x: Tensor) => ({ value: x.mul(v), gradient: (dy) => [dy] }))(x)
    })
    expect(() => gradients(inside(x).sum(), [x])).toThrow(GradientError)
    expect(await by(stopGradient(x.mul(2)))()[0]?.array()).toEqual([2, 4])
    expect(await by(x.greater(1).cast('float32'))()[0]?.array()).toEqual([0, 1])
  })

  test('sees a parameter as it was when the function ran', async () => {
    const p = new Parameter(tensor([3]))
    const square = customGradient((q: Parameter) => ({
      value: q.value.square(),
      gradient: (dy) => [dy.mul(q.value).mul(2)],
    }))
    const y = square(p).sum()
    p.assign(tensor([100]))
    const [dp] = gradients(y, [p])
    expect(await dp?.array()).toEqual([6])
    expect(await gradients(square(p).sum(), [p])[0]?.array()).toEqual([200])
    expect(await p.value.array()).toEqual([100])
  })
})
