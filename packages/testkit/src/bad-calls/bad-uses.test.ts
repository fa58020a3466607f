import { cpu } from '@tensorweft/backend-cpu'
import * as core from '@tensorweft/core'
import { beforeEach, describe, expect, test } from 'vitest'

const { compile, customGradient, gradients, Parameter, tensor } = core

type AnyFunction = (...args: unknown[]) => unknown

/** A function of core or a method, called with what its types would not allow. */
const anyhow = (fn: unknown): AnyFunction => fn as AnyFunction

/** What is wrong beyond the arguments of an op, and what is to be said about it. */
interface BadUse {
  readonly what: string
  readonly use: () => unknown
  readonly error: new (op: string, details: core.ErrorDetails) => core.TensorweftError
  readonly op: string
  readonly says: readonly string[]
}

const x = tensor([1, 2])
const ints = tensor([1, 2], { dtype: 'int32' })
const weight = (): core.Parameter => new Parameter(tensor([1, 2]), { name: 'weight' })

function inGradients(
  what: string,
  use: () => unknown,
  error: BadUse['error'],
  ...says: string[]
): BadUse {
  return { what, use, error, op: 'gradients', says }
}

const ofGradients: readonly BadUse[] = [
  inGradients(
    'a loss of several elements',
    () => gradients(x.mul(2), [x]),
    core.GradientError,
    'y is [2]',
    'y.sum() or y.mean()',
  ),
  inGradients(
    'a loss without elements',
    () => gradients(core.zeros([0]), [x]),
    core.GradientError,
    'y is [0]',
  ),
  inGradients(
    'a loss of integers',
    () => gradients(ints.sum(), [x]),
    core.GradientError,
    'y is int32',
  ),
  inGradients(
    'a comparison as the loss',
    () => gradients(x.greater(1).sum(), [x]),
    core.GradientError,
    'y is int32',
  ),
  ...[undefined, null, 3, [x]].map((y) =>
    inGradients(
      `${Array.isArray(y) ? 'an array' : y} as the loss`,
      () => anyhow(gradients)(y, [x]),
      core.ArgumentError,
      'y is',
      'a tensor',
    ),
  ),
  inGradients(
    'a derivative by integers',
    () => gradients(x.sum(), [ints]),
    core.GradientError,
    'a tensor of int32',
    'float tensors or parameters',
  ),
  ...[undefined, 3, 'x'].map((leaf) =>
    inGradients(
      `a derivative by ${leaf}`,
      () => anyhow(gradients)(x.sum(), [x, leaf]),
      core.GradientError,
      `${leaf} at '1'`,
    ),
  ),
  ...[
    ['a position', () => core.argMax(x).cast('float32'), 'that of argMax', 'stopGradient'] as const,
    ['a comparison', () => x.greater(1).cast('float32').mean(), 'bool', 'greater'] as const,
    ['integers', () => x.cast('int32').cast('float32').sum(), 'int32', 'cast'] as const,
    ['an order', () => core.argSort(x).cast('float32').sum(), 'int32', 'argSort'] as const,
  ].map(([what, loss, ...says]) =>
    inGradients(
      `a way through ${what} alone`,
      () => gradients(loss(), [x]),
      core.GradientError,
      ...says,
    ),
  ),
  inGradients(
    'the same in grad',
    () => core.grad((x: core.Tensor) => x.mul(2))(x),
    core.GradientError,
    'y is [2]',
  ),
  inGradients(
    'the same in valueAndGrad',
    () => core.valueAndGrad((x: core.Tensor) => x.mul(2))(x),
    core.GradientError,
    'y is [2]',
  ),
]

const ofCustomGradients: readonly BadUse[] = [
  {
    what: 'a gradient of another shape',
    use: () => {
      const double = customGradient((x: core.Tensor) => ({
        value: x.mul(2),
        gradient: (dy) => [dy.sum()],
      }))
      return gradients(double(x).sum(), [x])
    },
    error: core.ShapeError,
    says: ["the gradient at '0' is []", '[2]'],
  },
  {
    what: 'a gradient that is no list',
    use: () => {
      const double = customGradient((x: core.Tensor) => ({
        value: x.mul(2),
        gradient: (dy) => anyhow(core.mul)(dy, 2) as core.Tensor[],
      }))
      return gradients(double(x).sum(), [x])
    },
    error: core.ArgumentError,
    says: ['an array with an entry per argument'],
  },
  {
    what: 'a value that is no tensor',
    use: () => anyhow(customGradient(anyhow(() => ({ value: 3 })) as never))(x),
    error: core.ArgumentError,
    says: ['value is number'],
  },
].map((use) => ({ ...use, op: 'customGradient' }))

const ofParameters: readonly BadUse[] = [
  {
    what: 'assigning another shape',
    use: () => weight().assign(tensor([1])),
    error: core.ShapeError,
    op: 'assign to weight',
    says: ['[1]', '[2]'],
  },
  {
    what: 'assigning another dtype',
    use: () => anyhow((p: core.Parameter, value: core.Tensor) => p.assign(value))(weight(), ints),
    error: core.DTypeError,
    op: 'assign to weight',
    says: ['int32', 'float32', 'cast'],
  },
]

const ofCompiled: readonly BadUse[] = [
  {
    what: 'a text for a tensor',
    use: () => {
      const double = compile((x: core.Tensor) => x.mul(2))
      double(x)
      return anyhow(double)('1')
    },
    error: core.ArgumentError,
    op: 'compile',
    says: ['argument 0 is a string', 'a tensor or a number'],
  },
  {
    what: 'a typed array for a tensor',
    use: () => anyhow(compile((x: core.Tensor) => x.mul(2)))(new Float32Array(2)),
    error: core.ArgumentError,
    op: 'compile',
    says: ['a Float32Array among the arguments', 'tensor(values)'],
  },
  {
    what: 'a read inside',
    use: () => compile((x: core.Tensor) => void x.data())(x),
    error: core.TraceError,
    op: 'data',
    says: ['compile'],
  },
  {
    what: 'a function that returns a promise',
    use: () => compile(async (x: core.Tensor) => x)(x),
    error: core.TraceError,
    op: 'compile',
    says: ['a promise'],
  },
  {
    what: 'another shape that an op inside refuses',
    use: () => {
      const add = compile((x: core.Tensor) => x.add(tensor([1, 2])))
      add(x)
      return add(tensor([1, 2, 3]))
    },
    error: core.ShapeError,
    op: 'add',
    says: ['a is [3] and b is [2]'],
  },
]

const ofReads: readonly BadUse[] = [
  {
    what: 'one value of several',
    use: () => x.item(),
    error: core.ShapeError,
    op: 'item',
    says: ['[2]', 'data() or array()'],
  },
  {
    what: 'a backend of no known name',
    use: () => core.setBackend('nope'),
    error: core.BackendError,
    op: 'setBackend',
    says: ["'nope'", 'registerBackend'],
  },
  {
    what: 'the same for a while',
    use: () => core.withBackend('nope', () => x.data()),
    error: core.BackendError,
    op: 'withBackend',
    says: ["'nope'"],
  },
]

/** Whether everything works as if nothing had happened. */
async function works(): Promise<void> {
  const w = tensor([1, 2])
  const [dw] = gradients(w.square().sum(), [w])
  expect(await dw.array()).toEqual([2, 4])
  expect(await compile((x: core.Tensor) => x.add(1))(w).array()).toEqual([2, 3])
}

async function failureOf(use: () => unknown): Promise<unknown> {
  try {
    await use()
  } catch (error) {
    return error
  }
  throw new Error('it was not refused')
}

beforeEach(() => core.setBackend(cpu()))

test.each([...ofGradients, ...ofCustomGradients, ...ofParameters, ...ofCompiled, ...ofReads])(
  '$op refuses $what',
  async ({ use, error, op, says }) => {
    const failure = await failureOf(use)
    expect(failure).toBeInstanceOf(error)
    if (!(failure instanceof core.TensorweftError)) return
    expect(failure.op).toBe(op)
    expect(failure.got).toBeTruthy()
    expect(failure.wanted ?? failure.hint).toBeTruthy()
    for (const words of [`${op}: `, ...says]) expect(failure.message).toContain(words)
    await works()
  },
)

describe('what is no mistake', () => {
  test('is a gradient by what the loss does not depend on: zeros', async () => {
    const other = tensor([[3]])
    const [dx, none] = gradients(x.sum(), [x, other])
    expect([await dx.array(), await none.array()]).toEqual([[1, 1], [[0]]])
  })

  test('is another shape for a compiled function, which is compiled anew', async () => {
    let traces = 0
    const double = compile((x: core.Tensor) => {
      traces++
      return x.mul(2)
    })
    for (const values of [
      [1, 2],
      [1, 2, 3],
      [4, 5],
    ]) {
      expect(await double(tensor(values)).array()).toEqual(values.map((value) => 2 * value))
    }
    expect(traces).toBe(2)
  })
})

describe('a tensor of a backend that was disposed', () => {
  test('is refused by the read, and others are computed as ever', async () => {
    const first = cpu()
    await core.setBackend(first)
    const lost = x.mul(3)
    await core.realize(lost)
    await first.dispose()
    await core.setBackend(cpu())
    for (const use of [() => lost.data(), () => lost.add(1).data()]) {
      const failure = await failureOf(use)
      expect(failure).toBeInstanceOf(core.BackendError)
      expect(String(failure)).toMatch(/float32 \[2\].* cpu.*disposed/)
    }
    await works()
  })
})
