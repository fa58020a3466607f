import type { MlpProblem } from '../../problems/mlp.ts'
import { oneHot } from '../../problems/one-hot.ts'
import type { Work } from '../../subject.ts'
import { array, type JaxModule } from './jax.ts'
import { training } from './training.ts'

export function mlp(jax: JaxModule, { sizes, images, labels, weights, update }: MlpProblem): Work {
  const { numpy: np, nn } = jax
  const { batch, inputs, hidden, outputs } = sizes
  return training(jax, {
    params: {
      w1: array(jax, weights.w1, [inputs, hidden]),
      b1: array(jax, weights.b1, [hidden]),
      w2: array(jax, weights.w2, [hidden, outputs]),
      b2: array(jax, weights.b2, [outputs]),
    },
    logits({ w1, b1, w2, b2 }, x) {
      const activations = nn.relu(np.matmul(x, w1).add(b1))
      return np.matmul(activations, w2).add(b2)
    },
    x: array(jax, images, [batch, inputs]),
    y: array(jax, oneHot(labels, outputs), [batch, outputs]),
    update,
    compiled: 'step',
  })
}
