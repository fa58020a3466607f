import { describe, expect, test } from 'vitest'
import {
  compile,
  defineOp,
  gradients,
  matmul,
  Parameter,
  pad,
  setBackend,
  slice,
  softmax,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { makePlan } from './make-plan.ts'
import { wave } from './plans.testing.ts'

const flip = defineOp<'x'>({
  name: 'flip',
  infer: ({ x }) => x,
  lower: ({ x }, { at, shape }) =>
    x.at(...at.map((index, axis) => index.mul(-1).add((shape[axis] ?? 1) - 1))),
})

type Update = (...values: Tensor[]) => { values: Tensor[]; result?: Tensor }

/** Which of the assigned parameters are written over their old values. */
function inPlace(parameters: readonly Parameter[], update: Update): boolean[] {
  const { structure, assignments } = compile(() => {
    const { values, result } = update(...parameters.map((parameter) => parameter.value))
    parameters.forEach((parameter, i) => {
      const value = values[i]
      if (value !== undefined) parameter.assign(value)
    })
    return result
  }).traced()
  const wishes = assignments.flatMap(({ output, before }) =>
    before === undefined ? [] : [{ output, input: before }],
  )
  const plan = makePlan(structure, new NaiveBackend(), wishes)
  return assignments.map(({ output }) => {
    const number = structure.outputs.indexOf(structure.representative.get(output) ?? output)
    return plan.outputs[number]?.donated !== undefined
  })
}

/** The same for one square parameter. */
const updated = (update: (p: Tensor) => Tensor) =>
  inPlace([new Parameter(wave([6, 6]))], (p) => ({ values: p === undefined ? [] : [update(p)] }))[0]

describe('an update is in place', () => {
  test('elementwise', () => {
    expect(updated((p) => p.mul(0.9).add(1))).toBe(true)
    expect(updated((p) => p.square().add(p.relu()))).toBe(true)
  })

  test('with what a contraction or a reduction gives', () => {
    const [x, dy] = [wave([3, 6]), wave([3, 6], 2)]
    expect(updated((p) => p.sub(matmul(transpose(x), dy).mul(0.1)))).toBe(true)
    expect(updated((p) => p.sub(sum(wave([5, 6, 6]), 0)))).toBe(true)
  })

  test('after others have read it', () => {
    const x = wave([3, 6])
    expect(
      inPlace([new Parameter(wave([6, 6]))], (p) => {
        if (p === undefined) return { values: [] }
        const loss = matmul(x, p).square().sum()
        return { values: gradients(loss, [p]).map((grad) => p.sub(grad)), result: loss }
      }),
    ).toEqual([true])
  })

  test('of several parameters of one kernel, as moments are', () => {
    const parameters = [1, 2].map((phase) => new Parameter(wave([8], phase)))
    const step: Update = (p, m) => {
      if (p === undefined || m === undefined) return { values: [] }
      const next = m.mul(0.9).add(p)
      return { values: [p.sub(next), next] }
    }
    expect(inPlace(parameters, step)).toEqual([true, true])
  })
})

describe('an update is a copy where it reads', () => {
  test.each<[string, (p: Tensor) => Tensor]>([
    ['the transposed value', (p) => p.add(transpose(p))],
    ['it backwards', (p) => p.add(flip.apply({ x: p }, {}))],
    [
      'neighbours',
      (p) =>
        p.add(
          pad(slice(p, [1, 0], [5, 6]), [
            [0, 1],
            [0, 0],
          ]),
        ),
    ],
    ['rows again after they were written', (p) => softmax(p)],
    ['its rows', (p) => p.sub(p.mean(1, { keepDims: true }))],
    ['it as a factor of a product', (p) => matmul(p, wave([6, 6]))],
    ['a product of itself', (p) => p.add(matmul(p, p))],
    ['one row for all', (p) => p.add(slice(p, [0, 0], [1, 6]))],
  ])('%s', (_, update) => {
    expect(updated(update)).toBe(false)
  })

  test('the old value after the new one', () => {
    const step: Update = (p) =>
      p === undefined
        ? { values: [] }
        : { values: [p.mul(2)], result: matmul(softmax(p.mul(2)), transpose(p)) }
    const [isInPlace] = inPlace([new Parameter(wave([6, 6]))], step)
    // Whatever is chosen must give the right values: see below.
    expect(typeof isInPlace).toBe('boolean')
  })
})

test('only one of two results takes the place of an input', () => {
  const p = new Parameter(wave([8]))
  const { structure, assignments } = compile(() => {
    const old = p.value
    p.assign(old.mul(2))
    return old.add(1)
  }).traced()
  const before = assignments[0]?.before
  if (before === undefined) throw new Error('the parameter is read')
  const wishes = structure.outputs.map((output) => ({ output, input: before }))
  const { outputs } = makePlan(structure, new NaiveBackend(), wishes)
  expect(outputs.filter(({ donated }) => donated !== undefined)).toHaveLength(1)
})

describe('values are those of a copy', () => {
  const start = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]

  test.each<[string, (p: Tensor) => Tensor]>([
    ['transposed', (p) => p.add(transpose(p))],
    ['backwards', (p) => p.add(flip.apply({ x: p }, {}))],
    [
      'shifted',
      (p) =>
        p.add(
          pad(slice(p, [1, 0], [2, 3]), [
            [0, 1],
            [0, 0],
          ]),
        ),
    ],
    ['product', (p) => p.sub(matmul(p, p).mul(0.01))],
    ['rows', (p) => p.sub(p.mean(1, { keepDims: true }))],
  ])('%s, three times over', async (_, update) => {
    await setBackend(new NaiveBackend())
    const p = new Parameter(tensor(start))
    const step = compile(() => p.assign(update(p.value)))
    let expected = tensor(start)
    for (let i = 0; i < 3; i++) {
      step()
      expected = update(expected)
      await expected.data()
    }
    expect(await p.value.array()).toEqual(await expected.array())
  })

  test('where the old value is read beside the new one', async () => {
    await setBackend(new NaiveBackend())
    const p = new Parameter(tensor(start))
    const step = compile(() => {
      const old = p.value
      const next = old.mul(2)
      p.assign(next)
      return matmul(next, transpose(old)).add(old)
    })
    step()
    const old = tensor(start).mul(2)
    const expected = matmul(old.mul(2), transpose(old)).add(old)
    expect(await step().array()).toEqual(await expected.array())
    expect(await p.value.array()).toEqual(await old.mul(2).array())
  })

  test('where two parameters are swapped', async () => {
    await setBackend(new NaiveBackend())
    const [p, q] = [new Parameter(tensor([1, 2])), new Parameter(tensor([3, 4]))]
    const swap = compile(() => {
      const [a, b] = [p.value, q.value]
      p.assign(b)
      q.assign(a)
    })
    for (let i = 0; i < 3; i++) swap()
    expect([await p.value.array(), await q.value.array()]).toEqual([
      [3, 4],
      [1, 2],
    ])
  })
})
