import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  DTypeError,
  key,
  ones,
  ShapeError,
  setBackend,
  tensor,
  zeros,
} from '@tensorweft/core'
import { conv2d, dense, sequential } from '@tensorweft/layers'
import { sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import { ganTrainer, hinge, interpolateLatent } from './index.ts'
import { collect, makeGame } from './training/gan.testing.ts'

beforeAll(() => setBackend(cpu()))

const good = {
  generator: dense({ units: 2 }),
  discriminator: dense({ units: 1 }),
  generatorOptimizer: sgd(),
  discriminatorOptimizer: sgd(),
  latentSize: 3,
}

const shared = sgd()
/** From as many numbers to as many. */
const half = dense({ units: 3 })

describe('ganTrainer refuses', () => {
  test.each([
    [undefined, 'ganTrainer: options undefined; wanted { generator, discriminator, objective,'],
    [{}, 'ganTrainer: generator undefined; wanted a layer, such as sequential(a, b)'],
    [{ ...good, discriminator: dense }, 'ganTrainer: discriminator function; wanted a layer'],
    [
      { ...good, objective: 'hinge' },
      "ganTrainer: objective 'hinge'; wanted an objective, such as",
    ],
    [{ ...good, objective: { generatorLoss: () => zeros([]) } }, 'objective object; wanted an'],
    [
      { ...good, objective: { ...hinge(), gradientPenalty: Number.NaN } },
      'ganTrainer: gradientPenalty of the objective NaN; wanted a finite number from 0',
    ],
    [
      { ...good, objective: { ...hinge(), gradientPenalty: '10' } },
      "of the objective '10'; wanted",
    ],
    [
      { ...good, generatorOptimizer: shared, discriminatorOptimizer: shared },
      'ganTrainer: the same optimizer for generator and discriminator; wanted each with its own',
    ],
    [
      {
        ...good,
        generator: sequential(half),
        discriminator: sequential(half, dense({ units: 1 })),
      },
      'ganTrainer: the same weights for generator and discriminator; wanted each with its own',
    ],
    [{ ...good, generatorOptimizer: 'adam' }, "generatorOptimizer 'adam'; wanted an optimizer"],
    [{ ...good, discriminatorOptimizer: {} }, 'discriminatorOptimizer object; wanted an optimizer'],
    [{ ...good, latentSize: 0 }, 'ganTrainer: latentSize 0; wanted a positive integer'],
    [{ ...good, discriminatorSteps: 1.5 }, 'discriminatorSteps 1.5; wanted a positive integer'],
    [{ ...good, averageDecay: 1 }, 'ganTrainer: averageDecay 1; wanted a number in [0, 1)'],
    [{ ...good, key: 7 }, 'ganTrainer: key 7; wanted a tensor'],
  ])('%o', (options, message) => {
    const call = () => ganTrainer(options as never)
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow(message)
  })

  test('a discriminator that does not take what the generator makes', () => {
    const discriminator = conv2d({ filters: 1, kernelSize: 3 })
    expect(() => ganTrainer({ ...good, discriminator })).toThrow(ShapeError)
    const other = dense({ units: 1 })
    other.build([5], key(1))
    expect(() => ganTrainer({ ...good, discriminator: other })).toThrow(ShapeError)
  })
})

describe('train refuses', () => {
  test.each([
    [[], 3, 'GanTrainer.train: options 3; wanted { steps, signal, reportEvery, '],
    [[], { steps: 0 }, 'GanTrainer.train: steps 0; wanted a positive integer'],
    [[], { reportEvery: -1 }, 'GanTrainer.train: reportEvery -1; wanted a positive integer'],
    [[], { sampleEvery: '5' }, "GanTrainer.train: sampleEvery '5'; wanted a positive integer"],
    [[], { signal: 5 }, 'GanTrainer.train: signal 5; wanted an AbortSignal'],
    [[], { samples: 0 }, 'GanTrainer.train: samples 0; wanted a positive integer, or noise'],
    [[], { samples: [[1, 2, 3]] }, 'samples [[1, 2, 3]]; wanted a positive integer, or noise'],
    ['abc', {}, 'GanTrainer.train: batches of type string; wanted an iterable of tensors'],
    [null, {}, 'GanTrainer.train: batches of type null; wanted an iterable of tensors'],
    [{ data: [], shape: [0] }, {}, 'GanTrainer.train: batches of type object; wanted an iterable'],
  ])('%o with %o', (batches, options, message) => {
    const call = () => makeGame().train(batches as never, options as never)
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow(message)
  })

  test.each([
    [ones([4, 3]), ShapeError, 'a batch [4, 3]; wanted [batch, 2] as the generator makes them'],
    [ones([2]), ShapeError, 'a batch [2]; wanted [batch, 2]'],
    [zeros([0, 2]), ShapeError, 'a batch [0, 2]'],
    [zeros([4, 2], 'uint8'), ArgumentError, 'a batch of uint8; wanted float32 tensors [batch, …]'],
    [[[1, 2]], ArgumentError, 'a batch of object; wanted float32 tensors'],
  ])('a batch %o, and goes on with others', async (batch, kind, message) => {
    const game = makeGame()
    const refused = collect(game.train([ones([4, 2]), batch as never]))
    await expect(refused).rejects.toThrow(kind)
    await expect(refused).rejects.toThrow(message)
    expect(game.step).toBe(1)
    await collect(game.train([ones([4, 2])]))
    expect(game.step).toBe(2)
  })

  test.each([undefined, null, 5, 'abc'])('a function that gives %o', async (given) => {
    const game = makeGame()
    for (const batches of [() => given, async () => given]) {
      const refused = collect(game.train(batches as never))
      await expect(refused).rejects.toThrow(ArgumentError)
      await expect(refused).rejects.toThrow(
        `what the function of batches gives of type ${given === null ? 'null' : typeof given}`,
      )
    }
    await collect(game.train([ones([4, 2])]))
    expect(game.step).toBe(1)
  })

  test('noise of another size or dtype', () => {
    const call = () => makeGame().train([], { samples: zeros([4, 2]) })
    expect(call).toThrow(ShapeError)
    expect(call).toThrow('GanTrainer.train: noise [4, 2]; wanted [samples, 3]')
    const other = () => makeGame().train([], { samples: zeros([4, 3], 'int32') as never })
    expect(other).toThrow(DTypeError)
    expect(other).toThrow('GanTrainer.train: noise of int32; wanted float32')
  })
})

describe('generate refuses', () => {
  test.each([
    [0, ArgumentError, 'GanTrainer.generate: noise 0; wanted a positive integer, or noise'],
    ['4', ArgumentError, "GanTrainer.generate: noise '4'"],
    [zeros([3]), ShapeError, 'GanTrainer.generate: noise [3]; wanted [samples, 3]'],
    [zeros([0, 3]), ShapeError, 'noise [0, 3]'],
    [zeros([2, 4]), ShapeError, 'noise [2, 4]'],
  ])('%o', (noise, kind, message) => {
    const call = () => makeGame().generate(noise as never)
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

describe('interpolateLatent', () => {
  test('goes along the arc, through both ends', async () => {
    const [a, b] = [
      tensor([
        [2, 0],
        [1, 1],
      ]),
      tensor([
        [0, 2],
        [1, 1],
      ]),
    ]
    expect(await interpolateLatent(a, b, 0).array()).toEqual(await a.array())
    const [[x = 0, y = 0] = [], [u = 0, v = 0] = []] = (await interpolateLatent(
      a,
      b,
      1 / 3,
    ).array()) as number[][]
    expect(x).toBeCloseTo(2 * Math.cos(Math.PI / 6), 5)
    expect(y).toBeCloseTo(2 * Math.sin(Math.PI / 6), 5)
    expect([u, v]).toEqual([1, 1])
    const [end] = (await interpolateLatent(a, b, 1).array()) as number[][]
    expect(end?.[0]).toBeCloseTo(0, 5)
    expect(end?.[1]).toBeCloseTo(2, 5)
  })

  test('is finite for opposite points and for zeros', async () => {
    const middle = interpolateLatent(tensor([1, -1]), tensor([-1, 1]), 0.25)
    expect(await middle.array()).toEqual([0.5, -0.5])
    expect(await interpolateLatent(zeros([2]), ones([2]), 0.5).array()).toEqual([0.5, 0.5])
  })

  test.each([
    [ones([2]), ones([3]), 0.5, ShapeError, 'a is [2] and b is [3]; wanted the same shape'],
    [ones([]), ones([]), 0.5, ShapeError, 'a is [] and b is []'],
    [
      ones([2]),
      ones([2]),
      1.5,
      ArgumentError,
      'interpolateLatent: t 1.5; wanted a number in [0, 1]',
    ],
    [[1, 2], ones([2]), 0.5, ArgumentError, 'interpolateLatent: a [1, 2]; wanted a tensor'],
  ])('refuses %o, %o, %o', (a, b, t, kind, message) => {
    const call = () => interpolateLatent(a as never, b as never, t)
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})
