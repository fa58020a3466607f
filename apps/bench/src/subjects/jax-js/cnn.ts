import type { CnnProblem, CnnTrainingProblem } from '../../problems/cnn.ts'
import { oneHot } from '../../problems/one-hot.ts'
import type { Work } from '../../subject.ts'
import { deviceQueue } from './device-queue.ts'
import { heldResult } from './held-result.ts'
import { array, type JaxArray, type JaxModule } from './jax.ts'
import type { Params } from './params.ts'
import { permute } from './permute.ts'
import { training } from './training.ts'

// The convolutions of jax-js want channels first: [batch, channels, height, width], and filters
// [out, in, height, width]. The data are brought into this order before anything is timed.

type CnnParams = Params<'f1' | 'b1' | 'f2' | 'b2' | 'w3' | 'b3'>

/** Not compiled: with `jit` it takes a third longer, and the gradients do too. */
export function cnnForward(jax: JaxModule, problem: CnnProblem): Work {
  const [params, x] = [initialParams(jax, problem), imagesOf(jax, problem)]
  return heldResult(
    jax,
    () => [logitsOf(jax, jax.tree.ref(params), x.ref)],
    () => jax.tree.dispose([params, x]),
  )
}

export function cnnTraining(jax: JaxModule, problem: CnnTrainingProblem): Work {
  const { batch, outputs } = problem.sizes
  return training(jax, {
    params: initialParams(jax, problem),
    logits: (params, x) => logitsOf(jax, params, x),
    x: imagesOf(jax, problem),
    y: array(jax, oneHot(problem.labels, outputs), [batch, outputs]),
    update: problem.update,
    // Compiled as a whole it takes a fifth fewer dispatches, but on wasm more time.
    compiled: deviceQueue(jax) === undefined ? 'update' : 'step',
  })
}

function logitsOf(jax: JaxModule, { f1, b1, f2, b2, w3, b3 }: CnnParams, x: JaxArray): JaxArray {
  const [batch = 1] = x.shape
  const features = block(jax, block(jax, x, f1, b1), f2, b2)
  return jax.numpy.matmul(features.reshape([batch, -1]), w3).add(b3)
}

function block({ lax, nn, numpy: np }: JaxModule, x: JaxArray, filters: JaxArray, bias: JaxArray) {
  const y = nn.relu(lax.convGeneralDilated(x, filters, [1, 1], 'SAME').add(bias))
  const [batch = 1, channels = 1, height = 1, width = 1] = y.shape
  return np.max(y.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5])
}

function initialParams(jax: JaxModule, { sizes, weights }: CnnProblem): CnnParams {
  const { height, width, filters1, filters2, outputs } = sizes
  const filters = (values: Float32Array, inputs: number, outputs: number) =>
    array(jax, permute(values, [3, 3, inputs, outputs], [3, 2, 0, 1]), [outputs, inputs, 3, 3])
  // The rows of the dense layer follow the order of its input.
  const dense = permute(weights.w3, [height / 4, width / 4, filters2, outputs], [2, 0, 1, 3])
  return {
    f1: filters(weights.f1, 1, filters1),
    b1: array(jax, weights.b1, [filters1, 1, 1]),
    f2: filters(weights.f2, filters1, filters2),
    b2: array(jax, weights.b2, [filters2, 1, 1]),
    w3: array(jax, dense, [dense.length / outputs, outputs]),
    b3: array(jax, weights.b3, [outputs]),
  }
}

/** With a single channel, first or last is the same. */
function imagesOf(jax: JaxModule, { sizes, images }: CnnProblem): JaxArray {
  return array(jax, images, [sizes.batch, 1, sizes.height, sizes.width])
}
