import {
  type Backend,
  compile,
  gradients,
  Parameter,
  realize,
  setBackend,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { adam, sgd } from '@tensorweft/optimizers'
import type { MatmulProblem, MlpProblem } from '../problems.ts'
import type { Subject, Work } from '../subject.ts'
import type { LoadSubject, SubjectOptions } from './subject-options.ts'

interface BackendEntry {
  readonly threaded: boolean
  /** Imports the backend's package and makes an instance. */
  readonly make: (options: SubjectOptions) => Promise<Backend>
}

const entries: Readonly<Record<string, BackendEntry>> = {
  cpu: { threaded: false, make: async () => (await import('@tensorweft/backend-cpu')).cpu() },
}

/** Our own backends by the name that `--backends` takes. */
export const backends: ReadonlyMap<string, LoadSubject> = new Map(
  Object.entries(entries).map(([name, { threaded, make }]) => [
    name,
    async (options) => tensorweft(name, threaded, await make(options)),
  ]),
)

function tensorweft(name: string, threaded: boolean, backend: Backend): Subject {
  return {
    name: `tensorweft/${name}`,
    threaded,
    async activate() {
      await setBackend(backend)
    },
    matmul: async (problem) => matmul(problem, backend),
    mlp: async (problem) => mlp(problem),
    dispose: () => backend.dispose(),
  }
}

function matmul({ rows, inner, columns, ...data }: MatmulProblem, backend: Backend): Work {
  const a = tensor(data.a, { shape: [rows, inner] })
  const b = tensor(data.b, { shape: [inner, columns] })
  const multiply = compile((a: Tensor, b: Tensor) => a.matmul(b))
  let product = multiply(a, b)
  return {
    async step() {
      product.dispose()
      product = multiply(a, b)
      await realize(product)
      await backend.finish()
    },
    result: () => product.data(),
    async dispose() {
      for (const held of [a, b, product]) held.dispose()
    },
  }
}

function mlp(problem: MlpProblem): Work {
  const { batch, inputs, hidden, outputs } = problem.sizes
  const images = tensor(problem.images, { shape: [batch, inputs] })
  const labels = tensor(problem.labels, { dtype: 'int32' })
  const { weights } = problem
  const w1 = new Parameter(tensor(weights.w1, { shape: [inputs, hidden] }))
  const b1 = new Parameter(tensor(weights.b1))
  const w2 = new Parameter(tensor(weights.w2, { shape: [hidden, outputs] }))
  const b2 = new Parameter(tensor(weights.b2))
  const optimizer = makeOptimizer(problem.update)
  const train = compile((images: Tensor, labels: Tensor<'int32'>) => {
    const activations = images.matmul(w1.value).add(b1.value).relu()
    const logits = activations.matmul(w2.value).add(b2.value)
    const loss = sparseSoftmaxCrossEntropy(logits, labels)
    const parameters = [w1, b1, w2, b2]
    optimizer.update(parameters, gradients(loss, parameters))
    return loss
  })
  let loss = Number.NaN
  return {
    async step() {
      loss = await train(images, labels).item()
    },
    result: async () => [loss],
    async dispose() {
      images.dispose()
      labels.dispose()
    },
  }
}

function makeOptimizer(update: MlpProblem['update']) {
  if (update.rule === 'sgd') return sgd({ learningRate: update.learningRate })
  const { learningRate, beta1, beta2, epsilon } = update
  return adam({ learningRate, beta1, beta2, epsilon })
}
