import {
  compile,
  gradients,
  key,
  Parameter,
  randomNormal,
  randomUniform,
  sqrt,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'

/** Values of everything that training changes, of one moment. */
export interface Snapshot {
  readonly floats: readonly Float32Array[]
  readonly integers: readonly Int32Array[]
}

const rows = 8
const data = Float32Array.from({ length: rows * 6 }, (_, i) => Math.sin(i * i))

/**
 * A network with dropout and Adam whose weights, moments, number of the step and key are parameters,
 * so that a snapshot has all that the next step depends on. Its data are the host's.
 */
export function adamTraining() {
  const frozen = { trainable: false }
  const weights = [
    new Parameter(randomNormal(key(1), [6, 9]).mul(0.4)),
    new Parameter(randomNormal(key(2), [9, 1]).mul(0.4)),
  ]
  const means = weights.map(({ shape }) => new Parameter(zeros(shape), frozen))
  const squares = weights.map(({ shape }) => new Parameter(zeros(shape), frozen))
  const count = new Parameter(tensor([0], { dtype: 'int32' }), frozen)
  const from = new Parameter(key(3), frozen)
  const floats = [...weights, ...means, ...squares]
  const integers = [count, from]
  const step = compile((x: Tensor) => {
    const own = from.value.add(count.value)
    count.assign(count.value.add(1))
    const values = weights.map(({ value }) => value)
    const loss = lossOf(x, values, own)
    for (const [k, slope] of gradients(loss, values).entries()) {
      const [weight, mean, square] = [weights[k], means[k], squares[k]]
      if (!weight || !mean || !square) throw new Error('there are moments for every weight')
      mean.assign(mean.value.mul(0.9).add(slope.mul(0.1)))
      square.assign(square.value.mul(0.99).add(slope.square().mul(0.01)))
      weight.assign(weight.value.sub(mean.value.mul(0.02).div(sqrt(square.value).add(1e-4))))
    }
    return loss
  })
  return {
    weights,
    count,
    step: () => step(tensor(data, { shape: [rows, 6] })),
    async save(): Promise<Snapshot> {
      return {
        floats: await Promise.all(floats.map(({ value }) => value.data())),
        integers: await Promise.all(integers.map(({ value }) => value.data())),
      }
    },
    load(snapshot: Snapshot): void {
      for (const [k, parameter] of floats.entries()) {
        parameter.assign(tensor(snapshot.floats[k] ?? [], { shape: parameter.shape }))
      }
      for (const [k, parameter] of integers.entries()) {
        const { shape, dtype } = parameter
        parameter.assign(tensor(snapshot.integers[k] ?? [], { shape, dtype }))
      }
    },
  }
}

/** Squared error of the sums of `x` [rows, 6], with dropout by a key [2]. */
function lossOf(x: Tensor, [inner, outer]: readonly Tensor[], own: Tensor<'int32'>): Tensor {
  if (!inner || !outer) throw new Error('there are two layers')
  const hidden = x.matmul(inner).tanh()
  const kept = randomUniform(own, hidden.shape).less(0.8).cast('float32')
  return hidden
    .mul(kept)
    .matmul(outer)
    .sub(x.sum(1).reshape([rows, 1]))
    .square()
    .mean()
}
