import {
  type Backend,
  compile,
  flip,
  mean,
  Parameter,
  pad,
  reshape,
  slice,
  sum,
  type Tensor,
  tensor,
  transpose,
  withBackend,
} from '@tensorweft/core'
import { recordBackend } from '../../recording/record-backend.ts'
import { evaluateReference } from '../../reference/evaluate.ts'
import type { CaseDefinition } from '../case.ts'
import { checkNear, checkSame } from '../compare-arrays.ts'
import { check } from '../conformance-error.ts'
import { integerData } from '../data.ts'

/** What a case does, on a backend bound to it. */
class Bench {
  readonly backend: Backend

  constructor(backend: Backend) {
    this.backend = backend
  }

  /** The result of a compiled call on the backend. */
  call<R>(call: () => R): Promise<R> {
    return withBackend(this.backend, async () => call())
  }

  async expect(what: string, x: Tensor, wanted: ArrayLike<number>): Promise<void> {
    checkSame(what, await withBackend(this.backend, () => x.data()), wanted)
  }
}

function hazardCase(name: string, body: (bench: Bench) => Promise<void>): CaseDefinition {
  return { name: `parameters: ${name}`, body: ({ backend }) => body(new Bench(backend)) }
}

/** A step that replaces the value by `update` of it, run twice. */
function updateCase(
  name: string,
  initial: () => Tensor,
  update: (x: Tensor) => Tensor,
  wanted: readonly number[],
): CaseDefinition {
  return hazardCase(name, async (bench) => {
    const x = new Parameter(initial())
    const step = compile(() => x.assign(update(x.value)))
    await bench.call(step)
    await bench.call(step)
    await bench.expect('after two steps', x.value, wanted)
  })
}

const side = 130

/** As `updateCase`, on so many elements that they are not all read before the first is written. */
function largeUpdateCase(name: string, update: (x: Tensor) => Tensor): CaseDefinition {
  return hazardCase(`${name}, ${side} × ${side}`, async (bench) => {
    const initial = tensor(integerData('float32', side * side), {
      shape: [side, side],
      dtype: 'float32',
    })
    const x = new Parameter(initial)
    const step = compile(() => x.assign(update(x.value)))
    await bench.call(step)
    await bench.call(step)
    const [wanted] = await evaluateReference([update(update(initial))])
    await bench.expect('after two steps', x.value, wanted?.values ?? [])
  })
}

const square = () =>
  tensor([
    [1, 2],
    [3, 5],
  ])

/** Updates in place whose kernel reads elsewhere than where it writes. */
const inPlace: readonly CaseDefinition[] = [
  updateCase('x ← x + xᵀ', square, (x) => x.add(transpose(x)), [4, 10, 10, 20]),
  updateCase('x ← x + x reversed', square, (x) => x.add(flip(x)), [12, 10, 10, 12]),
  updateCase('x ← xᵀ + 1', square, (x) => transpose(x).add(1), [3, 4, 5, 7]),
  updateCase(
    'x ← x + x shifted to the right',
    () => tensor([1, 2, 3, 4]),
    (x) => x.add(pad(slice(x, [0], [3]), [[1, 0]])),
    [1, 4, 8, 12],
  ),
  updateCase(
    'x ← x + x shifted to the left',
    () => tensor([1, 2, 3, 4]),
    (x) => x.add(pad(slice(x, [1], [3]), [[0, 1]])),
    [8, 12, 11, 4],
  ),
  updateCase(
    'x ← x − mean x',
    () => tensor([1, 2, 6]),
    (x) => x.sub(mean(x)),
    [-2, -1, 3],
  ),
  updateCase(
    'x ← x · Σ x',
    () => tensor([1, 2, 3]),
    (x) => x.mul(sum(x)),
    [216, 432, 648],
  ),
  updateCase(
    'x ← 2 x',
    () => tensor([1, 2, 3]),
    (x) => x.mul(2),
    [4, 8, 12],
  ),
  updateCase(
    'x ← the other half first',
    () => tensor([1, 2, 3, 4]),
    (x) => reshape(transpose(reshape(x, [2, 2])), [4]).mul(10),
    [100, 200, 300, 400],
  ),
]

const inPlaceOfMany: readonly CaseDefinition[] = [
  largeUpdateCase('x ← x + xᵀ', (x) => x.add(transpose(x))),
  largeUpdateCase('x ← x + x reversed', (x) => x.add(flip(x))),
  largeUpdateCase('x ← x with its columns reversed', (x) => flip(x, 1).mul(2)),
  largeUpdateCase('x ← x + x shifted by a row', (x) =>
    x.add(
      pad(slice(x, [0, 0], [side - 1, side]), [
        [1, 0],
        [0, 0],
      ]),
    ),
  ),
  largeUpdateCase('x ← x + x shifted back by one', (x) =>
    x.add(
      pad(slice(x, [0, 1], [side, side - 1]), [
        [0, 0],
        [0, 1],
      ]),
    ),
  ),
  largeUpdateCase('x ← x − its first row', (x) => x.sub(slice(x, [0, 0], [1, side]))),
  largeUpdateCase('x ← x + the sums of its columns', (x) => x.add(sum(x, 0))),
]

const several: readonly CaseDefinition[] = [
  hazardCase('two that swap', async (bench) => {
    const [a, b] = [new Parameter(tensor([1, 2])), new Parameter(tensor([3, 4]))]
    const swap = compile(() => {
      const old = a.value
      a.assign(b.value)
      b.assign(old)
    })
    for (let n = 0; n < 3; n++) await bench.call(swap)
    await bench.expect('a', a.value, [3, 4])
    await bench.expect('b', b.value, [1, 2])
  }),
  hazardCase('two that take the same value', async (bench) => {
    const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([2]))]
    const step = compile(() => {
      const next = a.value.add(b.value)
      a.assign(next)
      b.assign(next)
    })
    await bench.call(step)
    const onlyA = compile(() => a.assign(a.value.mul(10)))
    await bench.call(onlyA)
    await bench.expect('a', a.value, [30])
    await bench.expect('b', b.value, [3])
  }),
  hazardCase('one that takes another, which is then updated', async (bench) => {
    const [average, weight] = [new Parameter(tensor([0, 0])), new Parameter(tensor([1, 2]))]
    const copy = compile(() => average.assign(weight.value))
    const update = compile(() => weight.assign(weight.value.add(1)))
    await bench.call(copy)
    await bench.call(update)
    await bench.expect('the copy', average.value, [1, 2])
    await bench.expect('the original', weight.value, [2, 3])
  }),
  hazardCase('one that is read in the trace but not needed', async (bench) => {
    const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([2]))]
    const step = compile(() => {
      void a.value
      a.assign(b.value.add(1))
    })
    await bench.call(step)
    await bench.call(step)
    await bench.expect('a', a.value, [3])
  }),
  hazardCase('two made of one tensor, which stays', async (bench) => {
    const initial = tensor([5, 6])
    const [a, b] = [new Parameter(initial), new Parameter(initial)]
    const step = compile(() => a.assign(a.value.add(1)))
    await bench.call(step)
    await bench.call(step)
    await bench.expect('a', a.value, [7, 8])
    await bench.expect('b', b.value, [5, 6])
    await bench.expect('the tensor', initial, [5, 6])
  }),
]

const aliases: readonly CaseDefinition[] = [
  hazardCase('an old value that is held stays', async (bench) => {
    const x = new Parameter(tensor([1, 2]))
    const step = compile(() => x.assign(x.value.mul(3)))
    const first = x.value
    await bench.call(step)
    const second = x.value
    await bench.call(step)
    await bench.expect('first', first, [1, 2])
    await bench.expect('second', second, [3, 6])
    await bench.expect('now', x.value, [9, 18])
  }),
  hazardCase('a read that is under way sees the value before the step', async (bench) => {
    const x = new Parameter(tensor([1, 2]))
    const step = compile(() => x.assign(x.value.mul(3)))
    await bench.call(step)
    const before = withBackend(bench.backend, () => x.value.data())
    await bench.call(step)
    checkSame('the read', await before, [3, 6])
  }),
  hazardCase('assigned and returned, and not returned', async (bench) => {
    const x = new Parameter(tensor([1]))
    const both = compile(() => {
      const next = x.value.add(1)
      x.assign(next)
      return next
    })
    const results = [await bench.call(both), await bench.call(both), await bench.call(both)]
    await bench.expect('first result', results[0] ?? x.value, [2])
    await bench.expect('last result', results[2] ?? x.value, [4])
    await bench.expect('value', x.value, [4])
  }),
  hazardCase('views of an output are results of their own', async (bench) => {
    const fn = compile((x: Tensor) => {
      const y = x.add(1)
      return [y, reshape(y, [4]), slice(y, [1, 0], [1, 2])]
    })
    const [y, flat, row] = await bench.call(() => fn(square()))
    await bench.call(() => fn(square().mul(100)))
    y?.dispose()
    await bench.expect('reshaped', flat ?? square(), [2, 3, 4, 6])
    await bench.expect('sliced', row ?? square(), [4, 6])
  }),
  hazardCase('outputs fed back, then a fresh input', async (bench) => {
    const fn = compile((x: Tensor, y: Tensor) => [x.add(y), x.mul(y)])
    const first = tensor([1, 2])
    const [a = first, b = first] = await bench.call(() => fn(first, tensor([3, 4])))
    const [c = first, d = first] = await bench.call(() => fn(a, b))
    const [e = first] = await bench.call(() => fn(tensor([10, 20]), c))
    await bench.expect('first', first, [1, 2])
    await bench.expect('fed back', d, [12, 48])
    await bench.expect('fresh', e, [17, 34])
  }),
  hazardCase('one tensor passed twice', async (bench) => {
    const fn = compile((x: Tensor, y: Tensor) => x.sub(y.mul(2)))
    const x = tensor([1, 2])
    await bench.expect('two', await bench.call(() => fn(x, tensor([5, 6]))), [-9, -10])
    await bench.expect('one', await bench.call(() => fn(x, x)), [-1, -2])
  }),
  hazardCase('an argument returned as it is', async (bench) => {
    const fn = compile((x: Tensor) => [x, x])
    const x = tensor([1, 2])
    const [a = x, b = x] = await bench.call(() => fn(x))
    a.dispose()
    await bench.expect('other result', b, [1, 2])
    await bench.expect('argument', x, [1, 2])
  }),
]

const numbersPerCall: CaseDefinition = {
  name: 'parameters: numbers given with each call are fresh, and compile nothing',
  body: async ({ backend: given }) => {
    const backend = recordBackend(given)
    const bench = new Bench(backend)
    const x = new Parameter(tensor([1, 1]))
    const step = compile((rate: Tensor, limit: Tensor) => {
      x.assign(x.value.sub(rate).minimum(limit))
      return x.value.sum()
    })
    await bench.call(() => step(0.25, 10))
    const { plansCompiled } = backend.record
    await bench.call(() => step(0.5, 10))
    await bench.call(() => step(-10, 3))
    await bench.expect('value', x.value, [3, 3])
    check(backend.record.plansCompiled === plansCompiled, 'another number compiled another plan')
  },
}

const failure = hazardCase('a call that throws changes nothing', async (bench) => {
  const x = new Parameter(tensor([1, 2]))
  const step = compile((y: Tensor) => {
    x.assign(x.value.add(1))
    return x.value.add(y)
  })
  await bench.call(() => step(tensor([0, 0])))
  let message = ''
  try {
    await bench.call(() => step(tensor([1, 2, 3])))
  } catch (error) {
    message = String(error)
  }
  check(message.includes('ShapeError'), `shapes that do not fit gave '${message}'`)
  await bench.expect('after the failure', x.value, [2, 3])
  await bench.call(() => step(tensor([0, 0])))
  await bench.expect('and the next call', x.value, [3, 4])
})

const training = hazardCase(
  'a thousand updates in place drift no more than rounding',
  async (bench) => {
    const x = new Parameter(tensor([1, -1]))
    const step = compile(() => x.assign(x.value.mul(0.999).add(0.001)))
    for (let n = 0; n < 1000; n++) await bench.call(step)
    const rest = 0.999 ** 1000
    const got = await withBackend(bench.backend, () => x.value.data())
    checkNear('value', got, [1, 1 - 2 * rest], { absolute: 1e-4 })
  },
)

/** Values that are replaced in place, and everything that might be seen to change with them. */
export const parameterCases: readonly CaseDefinition[] = [
  ...inPlace,
  ...inPlaceOfMany,
  ...several,
  ...aliases,
  numbersPerCall,
  failure,
  training,
]
