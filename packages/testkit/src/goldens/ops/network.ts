import {
  conv2d,
  type DType,
  layerNorm,
  leakyRelu,
  maxPool2d,
  relu,
  type Tensor,
  tanh,
} from '@tensorweft/core'
import { GoldenCall } from '../golden-call.ts'
import type { GoldenAttribute } from '../golden-case.ts'
import { convOptions, poolOptions } from './conv.ts'

/**
 * The network that the attribute `layers` of a case describes, applied to x [batch, …]: layer n,
 * counted from 1, has the weights `wn` and `bn`, or `gamman` and `betan`.
 */
export function applyGoldenLayers(
  layers: GoldenAttribute | undefined,
  weights: ReadonlyMap<string, Tensor<DType>>,
  x: Tensor,
): Tensor {
  if (!Array.isArray(layers)) throw new Error('the golden case has no layers')
  return layers.reduce<Tensor>((y, layer, i) => {
    return applyLayer(new GoldenCall(weights, layer), y, i + 1)
  }, x)
}

/** The attributes of `layer` are those of the layer. */
function applyLayer(layer: GoldenCall, x: Tensor, n: number): Tensor {
  const type = layer.text('type')
  const [kernel, bias] = [`w${n}`, `b${n}`]
  switch (type) {
    case 'dense':
      return x.matmul(layer.tensor(kernel)).add(layer.tensor(bias))
    case 'conv2d':
      return conv2d(x, layer.tensor(kernel), convOptions(layer)).add(layer.tensor(bias))
    case 'layerNorm': {
      const [gamma, beta] = [layer.tensor(`gamma${n}`), layer.tensor(`beta${n}`)]
      return layerNorm(x, gamma, beta, { epsilon: layer.number('epsilon') })
    }
    case 'maxPool2d':
      return maxPool2d(x, poolOptions(layer))
    case 'flatten':
      return x.reshape([x.shape[0] ?? 0, -1])
    case 'leakyRelu':
      return leakyRelu(x, { alpha: layer.number('alpha') })
    case 'relu':
      return relu(x)
    case 'tanh':
      return tanh(x)
    default:
      throw new Error(`there is no layer ${type} yet`)
  }
}
