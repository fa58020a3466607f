import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type * as TensorFlow from '@tensorflow/tfjs'
import { type MatmulProblem, type MlpProblem, oneHotLabels } from '../problems.ts'
import type { Subject, Work } from '../subject.ts'

type Tf = typeof TensorFlow

/** TensorFlow.js on its `cpu` or `wasm` backend. In Node, both compute on one thread. */
export async function tfjs(backend: 'cpu' | 'wasm'): Promise<Subject> {
  const tf = await import('@tensorflow/tfjs')
  // Without the checks and the greeting of development mode.
  tf.enableProdMode()
  if (backend === 'wasm') await locateWasm()
  return {
    name: `tfjs-${backend}`,
    threaded: false,
    async activate() {
      if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend '${backend}'`)
    },
    matmul: async (problem) => matmul(tf, problem),
    mlp: async (problem) => mlp(tf, problem),
    dispose: async () => {},
  }
}

/** The binaries lie beside the entry of the package. */
async function locateWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(entry) + sep)
}

function matmul(tf: Tf, { rows, inner, columns, ...data }: MatmulProblem): Work {
  const a = tf.tensor2d(data.a, [rows, inner])
  const b = tf.tensor2d(data.b, [inner, columns])
  let product = tf.matMul(a, b)
  return {
    async step() {
      product.dispose()
      product = tf.matMul(a, b)
    },
    result: () => product.data(),
    dispose: async () => tf.dispose([a, b, product]),
  }
}

function mlp(tf: Tf, problem: MlpProblem): Work {
  const { batch, inputs, hidden, outputs } = problem.sizes
  const x = tf.tensor2d(problem.images, [batch, inputs])
  const y = tf.tensor2d(oneHotLabels(problem), [batch, outputs])
  const { weights } = problem
  const w1 = variable(tf, tf.tensor2d(weights.w1, [inputs, hidden]))
  const b1 = variable(tf, tf.tensor1d(weights.b1))
  const w2 = variable(tf, tf.tensor2d(weights.w2, [hidden, outputs]))
  const b2 = variable(tf, tf.tensor1d(weights.b2))
  const optimizer = makeOptimizer(tf, problem.update)
  const lossOf = () => {
    const activations = tf.relu(tf.add(tf.matMul(x, w1), b1))
    const logits = tf.add(tf.matMul(activations, w2), b2)
    return tf.losses.softmaxCrossEntropy<TensorFlow.Tensor, TensorFlow.Scalar>(y, logits)
  }
  let loss = Number.NaN
  return {
    async step() {
      const value = optimizer.minimize(lossOf, true, [w1, b1, w2, b2])
      if (value === null) throw new Error('tfjs returned no loss')
      loss = (await value.data())[0] ?? Number.NaN
      value.dispose()
    },
    result: async () => [loss],
    async dispose() {
      optimizer.dispose()
      tf.dispose([x, y, w1, b1, w2, b2])
    },
  }
}

/** A variable of its own: the tensor that it starts from is freed. */
function variable<R extends TensorFlow.Rank>(tf: Tf, start: TensorFlow.Tensor<R>) {
  const made = tf.variable(start)
  start.dispose()
  return made
}

function makeOptimizer(tf: Tf, update: MlpProblem['update']): TensorFlow.Optimizer {
  if (update.rule === 'sgd') return tf.train.sgd(update.learningRate)
  return tf.train.adam(update.learningRate, update.beta1, update.beta2, update.epsilon)
}
