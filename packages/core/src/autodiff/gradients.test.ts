import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import {
  compile,
  customGradient,
  type DType,
  defineOp,
  exp,
  GradientError,
  grad,
  gradients,
  mul,
  Parameter,
  setBackend,
  stopGradient,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  where,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

describe('gradients', () => {
  test('have the form of what is differentiated by', async () => {
    const [w, b] = [tensor([1, 2]), tensor(3)]
    const p = new Parameter(tensor([4, 5]))
    const y = w.mul(b).add(p.value).square().sum()
    const result = gradients(y, { layer: [w, { b }] as const, p })
    const {
      layer: [dw, { b: db }],
      p: dp,
    } = result
    // w b + p = [7, 11]
    expect([await dw.array(), await db.item(), await dp.array()]).toEqual([
      [42, 66],
      2 * (7 * 1 + 11 * 2),
      [14, 22],
    ])
    expect(gradients(y, [])).toEqual([])
    expect(await gradients(y, w).array()).toEqual([42, 66])
  })

  test('of what y does not depend on are zeros', async () => {
    const [x, other] = [tensor([1, 2]), tensor([[1, 2, 3]])]
    const [dx, dOther] = gradients(x.sum(), [x, other])
    expect(await dx.array()).toEqual([1, 1])
    expect([dOther.shape, await dOther.array()]).toEqual([[1, 3], [[0, 0, 0]]])
  })

  test('of y by itself is one, and by one x twice the same', async () => {
    const x = tensor([3])
    const y = x.square()
    const [dy, first, second] = gradients(y, [y, x, x])
    expect(await Promise.all([dy, first, second].map((d) => d.item()))).toEqual([1, 6, 6])
  })

  test('sum over all the ways from y to x', async () => {
    const x = tensor([2])
    const a = x.square()
    const [dx] = gradients(a.mul(a).add(x).add(a).sum(), [x])
    // x⁴ + x² + x
    expect(await dx.item()).toBe(4 * 8 + 2 * 2 + 1)
  })

  test('by something in the middle stop there for it, and go on for others', async () => {
    const x = tensor([2])
    const middle = x.square()
    const [dMiddle, dx] = gradients(middle.mul(3).sum(), [middle, x])
    expect([await dMiddle.item(), await dx.item()]).toEqual([3, 12])
  })

  test('undo broadcasting', async () => {
    const [rows, column, scalar] = [
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      tensor([[1], [2]]),
      tensor(2),
    ]
    const y = rows.mul(column).mul(scalar).sum()
    const [dRows, dColumn, dScalar] = gradients(y, [rows, column, scalar])
    expect(await dRows.array()).toEqual([
      [2, 2, 2],
      [4, 4, 4],
    ])
    expect(await dColumn.array()).toEqual([[12], [30]])
    expect(await dScalar.item()).toBe(36)
  })

  test('may be asked for after values were read, and after parameters were assigned', async () => {
    const x = tensor([1, 2])
    const y = x.square().sum()
    await y.item()
    expect(await gradients(y, [x])[0]?.array()).toEqual([2, 4])
    const p = new Parameter(tensor([3]))
    const value = p.value
    const loss = value.square().sum()
    p.assign(tensor([100]))
    expect(await gradients(loss, [value])[0]?.array()).toEqual([6])
  })

  test('of deep graphs do not overflow the stack', () => {
    const x = tensor([1])
    let y: Tensor = x
    for (let i = 0; i < 20_000; i++) y = y.mul(1.0001)
    expect(gradients(y.sum(), [x])).toHaveLength(1)
  })

  test('keep float64', async () => {
    const x = tensor([0.1], { dtype: 'float64' })
    const [dx] = gradients(exp(x).sum(), [x])
    expect(dx?.dtype).toBe('float64')
    const values: Float64Array = await dx.data()
    expect(values[0]).toBeCloseTo(Math.exp(0.1), 14)
  })

  test('have the types of what is differentiated by', async () => {
    const x = tensor([1, 2], { dtype: 'float64' })
    const model = { w: new Parameter(tensor([3, 4], { dtype: 'float64' })), b: tensor(1) }
    const slopes = gradients(x.mul(model.w.value).sum(), { model, list: [x] as const })
    expectTypeOf(slopes).toEqualTypeOf<{
      model: { w: Tensor<'float64'>; b: Tensor }
      list: readonly [Tensor<'float64'>]
    }>()
    const square = (z: Tensor<'float64'>) => z.square().sum()
    expectTypeOf(grad(square)).returns.toEqualTypeOf<Tensor<'float64'>>()
    const [value, dx] = valueAndGrad(square)(x)
    // A step of a descent by hand.
    model.w.assign(model.w.value.sub(slopes.model.w.add(dx.mul(value))))
    expect(await model.w.value.array()).toEqual([3 - (1 + 2 * 5), 4 - (2 + 4 * 5)])
  })
})

describe('of higher order', () => {
  const cubic = (x: Tensor) => x.square().mul(x).mul(2).sub(x.mul(5)).sum()

  test('are those of a polynomial', async () => {
    const x = tensor([3])
    const first = grad(cubic)
    const second = grad((x: Tensor) => first(x).sum())
    const third = grad((x: Tensor) => second(x).sum())
    const fourth = grad((x: Tensor) => third(x).sum())
    const values = [first, second, third, fourth].map((d) => d(x).item())
    // 6x² − 5, 12x, 12, 0
    expect(await Promise.all(values)).toEqual([49, 36, 12, 0])
  })

  test('go through the gradient of a norm, as a penalty does', async () => {
    const [x, w] = [tensor([[1, 2]]), tensor([[3], [4]])]
    const [dx] = gradients(x.matmul(w).square().sum(), [x])
    const [dw] = gradients(dx.square().sum(), [w])
    // dx = 2 (x·w) wᵀ, |dx|² = 4 (x·w)² |w|²
    const [xw, ww] = [11, 25]
    expect(await dw.array()).toEqual([
      [8 * xw * 1 * ww + 8 * xw * xw * 3],
      [8 * xw * 2 * ww + 8 * xw * xw * 4],
    ])
  })

  test('are the same inside a compiled function', async () => {
    const hessian = compile((x: Tensor) => grad((x: Tensor) => grad(cubic)(x).sum())(x))
    expect(await hessian(tensor([3, -1])).array()).toEqual([36, -12])
  })
})

describe('grad and valueAndGrad', () => {
  test('take and give trees', async () => {
    const [value, { w, rest }] = valueAndGrad(({ w, rest: [b] }: { w: Tensor; rest: [Tensor] }) =>
      w.mul(b).sum(),
    )({ w: tensor([1, 2]), rest: [tensor([3, 4])] })
    const values = [await value.item(), await w.array(), await rest[0].array()]
    expect(values).toEqual([11, [3, 4], [1, 2]])
  })

  test('take a parameter', async () => {
    const p = new Parameter(tensor([3]))
    expect(await grad((q: typeof p) => q.value.square().sum())(p).array()).toEqual([6])
  })
})

describe('stopGradient', () => {
  test('makes a constant of its argument', async () => {
    const x = tensor([3])
    const [dx] = gradients(stopGradient(x).mul(x).sum(), [x])
    expect(await dx.array()).toEqual([3])
    const [none] = gradients(stopGradient(x.square()).sum(), [x])
    expect(await none.array()).toEqual([0])
  })

  test('lets nothing through that would have no gradient', async () => {
    const x = tensor([3])
    const [dx] = gradients(stopGradient(round(x)).mul(x).sum(), [x])
    expect(await dx.array()).toEqual([3])
  })
})

const roundOp = defineOp<'x'>({
  name: 'round',
  infer: ({ x }) => x,
  lower: ({ x }, { at, scalar }) => scalar.floor(scalar.add(x.at(...at), 0.5)),
})
const round = (x: Tensor): Tensor => roundOp.apply({ x }, {})

describe('GradientError', () => {
  const x = tensor([1, 2])
  const y = x.sum()

  test.each<[string, () => unknown, string]>([
    [
      'y of several elements',
      () => gradients(x, [x]),
      'y is [2]; wanted one element.\n  Hint: take y.sum()',
    ],
    ['y of integers', () => gradients(y.cast('int32'), [x]), 'y is int32; wanted a float'],
    [
      'an x of integers',
      () => gradients(y, [x.cast('int32')]),
      'a tensor of int32; wanted float tensors',
    ],
    [
      'an x that is no tensor',
      () => gradients(y, { layer: [3] }),
      "3 at 'layer.0'; wanted float tensors",
    ],
    ['an x that is missing', () => gradients(y, [undefined]), "undefined at '0'"],
    [
      'an op without a gradient on the way',
      () => gradients(round(x).sum(), [x]),
      'a path through round, which has no gradient; wanted differentiable ops between y and the xs.\n' +
        '  Hint: put stopGradient around its input',
    ],
  ])('for %s', (_, call, message) => {
    expect(call).toThrow(GradientError)
    expect(call).toThrow(`gradients: ${message}`)
  })

  test('is not thrown for such an op beside the way', async () => {
    const [dx] = gradients(
      round(tensor([0.7, 1.2]))
        .mul(x)
        .sum(),
      [x],
    )
    expect(await dx.array()).toEqual([1, 1])
  })

  test('is not thrown for what gives integers or bools', async () => {
    const clipped = where(x.greater(1), x.mul(3), x)
    const counted = sum(x.greater(0)).cast('float32')
    const [dx] = gradients(mul(clipped.sum(), counted), [x])
    expect(await dx.array()).toEqual([2, 6])
  })
})

describe('behind a compiled function', () => {
  const f = compile((q: Tensor) => q.square().sum())
  const w = tensor([1, 2])
  const p = new Parameter(tensor([3]))
  const step = compile((x: Tensor) => {
    const y = p.value.mul(x).sum()
    p.assign(p.value.add(1))
    return y
  })

  test.each<[string, () => unknown]>([
    ['its result', () => gradients(f(w), [w])],
    ['the value of valueAndGrad', () => valueAndGrad(f)(w)],
    ['what is computed from a result', () => gradients(f(w.mul(2)).exp().mul(w).sum(), [w])],
    ['a result of a result', () => gradients(f(f(w).mul(2)), [w])],
    ['a parameter that it used', () => gradients(step(1), [p])],
    [
      'a state after many calls',
      () => {
        let state: Tensor = w
        for (let i = 0; i < 1500; i++) state = double(state)
        return gradients(state.sum(), [w])
      },
    ],
  ])('are refused for %s', (_, call) => {
    expect(call).toThrow(GradientError)
    expect(call).toThrow(/a result of a compiled function.*\n {2}Hint: take the gradient inside/s)
  })

  const double = compile((x: Tensor) => x.mul(2))

  test('are those of the rest where nothing leads through its results', async () => {
    const other = tensor([5, 6])
    const y = f(w)
      .mul(other)
      .add(stopGradient(f(other)).mul(other))
      .sum()
    expect(await gradients(y, [other])[0]?.array()).toEqual([66, 66])
    expect(await gradients(f(w), [other])[0]?.array()).toEqual([0, 0])
    const straight = customGradient((x: Tensor) => ({ value: double(x), gradient: (dy) => [dy] }))
    expect(await gradients(straight(w).sum(), [w])[0]?.array()).toEqual([1, 1])
    // As the ratio of a policy to an earlier one has.
    const earlier = step(1)
    const [dp] = gradients(p.value.mul(earlier).sum(), [p])
    expect(await dp?.item()).toBe(await earlier.item())
  })
})

test('a rule may leave gradients out, and gets attributes and its own result', async () => {
  const seen: unknown[] = []
  const scaleOp = defineOp<'x' | 'weight', { factor: number }>({
    name: 'scale',
    infer: ({ x }) => x,
    lower: ({ x, weight }, { at, scalar, attributes }) =>
      scalar.mul(scalar.mul(x.at(...at), weight.at()), attributes.factor),
    vjp: (dy, { weight }, { attributes, output }) => {
      seen.push(attributes.factor, output.shape)
      return { x: dy.mul(weight).mul(attributes.factor) }
    },
  })
  const [x, weight]: Tensor<DType>[] = [tensor([1, 2]), tensor(5)]
  if (x === undefined || weight === undefined) throw new Error('two tensors')
  const y: Tensor = scaleOp.apply({ x, weight }, { factor: 10 })
  const [dx, dWeight] = gradients(y.sum(), [x, weight])
  expect([await dx.array(), await dWeight.item()]).toEqual([[50, 50], 0])
  expect(seen).toEqual([10, [2]])
})
