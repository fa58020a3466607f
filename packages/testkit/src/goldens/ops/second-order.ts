import * as core from '@tensorweft/core'
import { GoldenCall } from '../golden-call.ts'
import type { GoldenAttribute } from '../golden-case.ts'
import type { GoldenOps } from '../golden-op.ts'
import { weightedSum } from '../weighted-sum.ts'
import { applyGoldenLayers } from './network.ts'

/** Gradients of gradients; `inner` are the ops whose gradient may be asked for. */
export function secondOrderOps(inner: GoldenOps): GoldenOps {
  return {
    vjp: (call) => {
      const op = inner[call.text('op')]
      if (op === undefined) throw new Error(`there is no op ${call.text('op')} to differentiate`)
      const own = new Map([...call.tensors].filter(([name]) => name !== 'dy'))
      const outputs = op(new GoldenCall(own, fieldsOf(call.attributes.attrs)))
      const [first] = Array.isArray(outputs) ? outputs : [outputs]
      const total = weightedSum([first], [call.tensor('dy')])
      const inputs = listOf(call.attributes.wrt).map((name) => call.tensor(String(name)))
      return core.gradients(total, inputs)
    },
    gradientPenalty,
    hessianVectorProduct,
  }
}

/** Mean over the batch of (|dD/dx| − 1)², as the critic of a WGAN-GP is held to. */
const gradientPenalty = (call: GoldenCall): core.Tensor[] => {
  const x = call.tensor('x')
  const scores = applyGoldenLayers(call.attributes.layers, call.tensors, x)
  const slope = core.gradients(scores.sum(), x)
  const norms = slope
    .reshape([x.shape[0] ?? 0, -1])
    .square()
    .sum(1)
    .sqrt()
  return [norms.sub(1).square().mean(), norms, scores]
}

/** The Hessian of a loss times a vector: the gradient of the gradient's product with it. */
const hessianVectorProduct = (call: GoldenCall): core.Tensor[] => {
  const names = ['w1', 'b1', 'w2', 'b2']
  const weights = names.map((name) => call.tensor(name))
  const activation = call.text('activation') === 'tanh' ? core.tanh : core.sigmoid
  const hidden = activation(call.tensor('x').matmul(call.tensor('w1')).add(call.tensor('b1')))
  const logits = hidden.matmul(call.tensor('w2')).add(call.tensor('b2'))
  const loss = core.softmaxCrossEntropy(logits, call.tensor('labels'))
  const slopes = core.gradients(loss, weights)
  const along = weightedSum(
    slopes,
    names.map((name) => call.tensor(`v${name}`)),
  )
  return [loss, ...core.gradients(along, weights)]
}

function fieldsOf(value: GoldenAttribute | undefined): {
  readonly [name: string]: GoldenAttribute
} {
  if (typeof value === 'object' && value !== null && !isList(value)) return value
  throw new Error('the golden case has no attributes of an inner op')
}

function listOf(value: GoldenAttribute | undefined): readonly GoldenAttribute[] {
  if (value !== undefined && isList(value)) return value
  throw new Error('the golden case has no list')
}

function isList(value: GoldenAttribute): value is readonly GoldenAttribute[] {
  return Array.isArray(value)
}
