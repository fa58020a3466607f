import type * as Jax from '@jax-js/jax'
import { type AdamRule, type MatmulProblem, type MlpProblem, oneHotLabels } from '../problems.ts'
import type { Subject, Work } from '../subject.ts'

type JaxModule = typeof Jax
type Params = { w1: Jax.Array; b1: Jax.Array; w2: Jax.Array; b2: Jax.Array }
/** Adam's moments and the powers of its two decay rates, one factor per step taken. */
type AdamState = { m: Params; v: Params; power1: Jax.Array; power2: Jax.Array }
type LossAndGradients = (params: Params, x: Jax.Array, y: Jax.Array) => [Jax.Array, Params]
/** One step on the batch that the subject holds: updates what it carries, returns the loss. */
type Step = { run(): Jax.Array; dispose(): void }

/** jax-js on its wasm backend; without web workers, as in Node, it computes on one thread. */
export async function jaxJsWasm(): Promise<Subject> {
  const jax = await import('@jax-js/jax')
  if (!(await jax.init('wasm')).includes('wasm')) throw new Error('jax-js has no wasm backend here')
  return {
    name: 'jax-js-wasm',
    threaded: false,
    async activate() {
      jax.defaultDevice('wasm')
    },
    matmul: (problem) => matmul(jax, problem),
    mlp: async (problem) => mlp(jax, problem),
    dispose: async () => {},
  }
}

async function matmul({ numpy: np }: JaxModule, problem: MatmulProblem): Promise<Work> {
  const { rows, inner, columns } = problem
  const a = matrix(np, problem.a, [rows, inner])
  const b = matrix(np, problem.b, [inner, columns])
  const multiply = () => np.matmul(a.ref, b.ref).blockUntilReady()
  let product = await multiply()
  return {
    async step() {
      product.dispose()
      product = await multiply()
    },
    result: () => product.ref.data(),
    async dispose() {
      for (const array of [a, b, product]) array.dispose()
    },
  }
}

function mlp(jax: JaxModule, problem: MlpProblem): Work {
  const { numpy: np, nn, valueAndGrad } = jax
  const { batch, inputs, outputs } = problem.sizes
  const x = matrix(np, problem.images, [batch, inputs])
  const y = matrix(np, oneHotLabels(problem), [batch, outputs])
  const lossOf = (params: Params, x: Jax.Array, y: Jax.Array) => {
    const activations = nn.relu(np.matmul(x, params.w1).add(params.b1))
    const logits = np.matmul(activations, params.w2).add(params.b2)
    return nn
      .logSoftmax(logits)
      .mul(y)
      .sum()
      .mul(-1 / batch)
  }
  const lossAndGradients: LossAndGradients = valueAndGrad(lossOf)
  const params = initialParams(np, problem)
  const { update } = problem
  const step =
    update.rule === 'sgd'
      ? sgdStep(jax, lossAndGradients, params, x, y, update.learningRate)
      : adamStep(jax, lossAndGradients, params, x, y, update)
  let loss = Number.NaN
  return {
    async step() {
      loss = (await step.run().data())[0] ?? Number.NaN
    },
    result: async () => [loss],
    async dispose() {
      step.dispose()
      x.dispose()
      y.dispose()
    },
  }
}

function sgdStep(
  { jit, tree }: JaxModule,
  lossAndGradients: LossAndGradients,
  start: Params,
  x: Jax.Array,
  y: Jax.Array,
  learningRate: number,
): Step {
  const compiled = jit((params: Params, x: Jax.Array, y: Jax.Array): [Jax.Array, Params] => {
    const [loss, gradients] = lossAndGradients(tree.ref(params), x, y)
    return [loss, mapParams((w, g) => w.sub(g.mul(learningRate)), params, gradients)]
  })
  let params = start
  return {
    run() {
      const [loss, next] = compiled(params, x.ref, y.ref)
      params = next
      return loss
    },
    dispose() {
      tree.dispose(params)
      compiled.dispose()
    },
  }
}

function adamStep(
  { jit, tree, numpy: np }: JaxModule,
  lossAndGradients: LossAndGradients,
  start: Params,
  x: Jax.Array,
  y: Jax.Array,
  rule: AdamRule,
): Step {
  type Result = [Jax.Array, Params, AdamState]
  const compiled = jit((params: Params, old: AdamState, x: Jax.Array, y: Jax.Array): Result => {
    const [loss, gradients] = lossAndGradients(tree.ref(params), x, y)
    const state = adamMoments(old, gradients, rule)
    const next = adamUpdate(np, params, tree.ref(state), rule)
    return [loss, next, state]
  })
  let params = start
  let state = initialState(np, params)
  return {
    run() {
      const [loss, nextParams, nextState] = compiled(params, state, x.ref, y.ref)
      params = nextParams
      state = nextState
      return loss
    },
    dispose() {
      tree.dispose(params)
      tree.dispose(state)
      compiled.dispose()
    },
  }
}

function adamMoments(old: AdamState, gradients: Params, { beta1, beta2 }: AdamRule): AdamState {
  return {
    m: mapParams((m, g) => m.mul(beta1).add(g.ref.mul(1 - beta1)), old.m, gradients),
    v: mapParams((v, g) => v.mul(beta2).add(g.ref.mul(g).mul(1 - beta2)), old.v, gradients),
    power1: old.power1.mul(beta1),
    power2: old.power2.mul(beta2),
  }
}

function adamUpdate(
  np: JaxModule['numpy'],
  params: Params,
  { m, v, power1, power2 }: AdamState,
  { learningRate, epsilon }: AdamRule,
): Params {
  const correction1 = np.subtract(1, power1)
  const correction2 = np.subtract(1, power2)
  const directions = mapParams(
    (m, v) => m.div(correction1.ref).div(np.sqrt(v.div(correction2.ref)).add(epsilon)),
    m,
    v,
  )
  correction1.dispose()
  correction2.dispose()
  return mapParams((w, direction) => w.sub(direction.mul(learningRate)), params, directions)
}

/** `fn` takes over both of its arguments, as every function of jax-js does. */
function mapParams(fn: (a: Jax.Array, b: Jax.Array) => Jax.Array, a: Params, b: Params): Params {
  return { w1: fn(a.w1, b.w1), b1: fn(a.b1, b.b1), w2: fn(a.w2, b.w2), b2: fn(a.b2, b.b2) }
}

function initialParams(np: JaxModule['numpy'], { sizes, weights }: MlpProblem): Params {
  return {
    w1: matrix(np, weights.w1, [sizes.inputs, sizes.hidden]),
    b1: matrix(np, weights.b1, [sizes.hidden]),
    w2: matrix(np, weights.w2, [sizes.hidden, sizes.outputs]),
    b2: matrix(np, weights.b2, [sizes.outputs]),
  }
}

function initialState(np: JaxModule['numpy'], params: Params): AdamState {
  const zeros = (): Params => mapParams((a) => np.zeros(a.shape), params, params)
  return { m: zeros(), v: zeros(), power1: np.ones([]), power2: np.ones([]) }
}

/** Its own copy: jax-js wants an array that nobody else writes. */
function matrix(np: JaxModule['numpy'], values: Float32Array, shape: number[]): Jax.Array {
  return np.array(new Float32Array(values)).reshape(shape)
}
