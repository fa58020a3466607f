import { expect, test } from 'vitest'
import {
  compile,
  defineOp,
  gradients,
  matmul,
  type Op,
  Parameter,
  pad,
  setBackend,
  slice,
  softmax,
  type Tensor,
  transpose,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wave } from '../schedule/plans.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const n = 3

const flipOp: Op<'x', Record<never, never>> = defineOp({
  name: 'flip',
  infer: ({ x }) => x,
  lower: ({ x }, { at, shape }) =>
    x.at(...at.map((index, axis) => index.mul(-1).add((shape[axis] ?? 1) - 1))),
  vjp: (dy) => ({ x: flipOp.apply({ x: dy }, {}) }),
})

/** Steps on square matrices that keep them of moderate size; `y` is some value made before. */
const moves: readonly ((x: Tensor, y: Tensor) => Tensor)[] = [
  (x, y) => x.add(y).mul(0.5),
  (x, y) => x.sub(y.mul(0.3)),
  (x, y) => x.mul(y).tanh(),
  (x, y) => matmul(x, y).mul(0.3),
  (x) => transpose(x),
  (x) => flipOp.apply({ x }, {}),
  (x) => softmax(x),
  (x) => x.sub(x.mean(1, { keepDims: true })),
  (x, y) => x.add(y.sum(0).mul(0.1)),
  (x) =>
    pad(slice(x, [1, 0], [n - 1, n]), [
      [0, 1],
      [0, 0],
    ]),
  (x) => x.relu().add(0.1),
  (x) => x.exp().mul(0.2),
]

/** A random sequence of choices, the same each time it is asked for. */
function* choices(seed: number): Generator<number, never> {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  for (;;) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    yield (state >>> 0) / 2 ** 32
  }
}

/** A step that reads and assigns parameters in random order and returns a few values. */
function randomStep(seed: number, parameters: readonly Parameter[]): (x: Tensor) => Tensor[] {
  return (x) => {
    const source = choices(seed)
    const pick = <T>(items: readonly T[], otherwise: T): T =>
      items[Math.floor(source.next().value * items.length)] ?? otherwise
    const values = [x]
    const first = parameters.map((parameter) => parameter.value)
    for (let i = 0; i < 8; i++) {
      const parameter = pick(parameters, undefined)
      if (source.next().value < 0.4) values.push(parameter?.value ?? x)
      const value = pick(moves, (y) => y)(pick(values, x), pick(values, x))
      values.push(value)
      if (source.next().value < 0.3) parameter?.assign(value)
    }
    if (source.next().value < 0.3) {
      const grads = gradients((values.at(-1) ?? x).square().sum(), first)
      parameters.forEach((parameter, i) => {
        const grad = grads[i]
        if (grad !== undefined) parameter.assign(parameter.value.sub(grad.mul(0.05)))
      })
    }
    return [pick(values, x), values.at(-1) ?? x]
  }
}

/** Everything that three runs of a step show: results, values held meanwhile, parameters. */
async function trail(seed: number, isCompiled: boolean): Promise<number[]> {
  const backends = [new NaiveBackend('a'), new NaiveBackend('b')]
  await setBackend(backends[0] ?? 'a')
  const parameters = [1, 2, 3].map((phase) => new Parameter(wave([n, n], phase)))
  const step = randomStep(seed, parameters)
  const run = isCompiled ? compile(step) : step
  const tensors: Tensor[] = []
  for (let i = 0; i < 4; i++) {
    tensors.push(...run(wave([n, n], i)))
    if ((seed + i) % 3 === 0) tensors.push(...parameters.map((parameter) => parameter.value))
    if ((seed + i) % 5 === 0) await tensors.at(-1)?.data()
    if ((seed + i) % 7 === 0) await setBackend(backends[i % 2] ?? 'a')
  }
  tensors.push(...parameters.map((parameter) => parameter.value))
  const data = []
  for (const tensor of tensors) data.push(...(await tensor.data()))
  return data
}

test('a compiled step does what its function does, whatever it reads, assigns and holds', async () => {
  for (let seed = 0; seed < (isFull ? 500 : 40); seed++) {
    const [eager, compiled] = [await trail(seed, false), await trail(seed, true)]
    expect(compiled).toHaveLength(eager.length)
    const wrong = compiled.findIndex(
      (value, i) => !(Math.abs(value - (eager[i] ?? Number.NaN)) <= 1e-4),
    )
    expect(wrong, `seed ${seed}: ${compiled[wrong]} instead of ${eager[wrong]}`).toBe(-1)
  }
})
