import type { UpdateRule } from '../../problems/update-rule.ts'
import type { Work } from '../../subject.ts'
import { heldLosses } from './held-losses.ts'
import type { JaxArray, JaxModule } from './jax.ts'
import { makeRule } from './make-rule.ts'
import type { Params } from './params.ts'
import type { Rule, State } from './rule.ts'

/** Takes over its arguments. */
type LogitsOf<K extends string> = (params: Params<K>, x: JaxArray) => JaxArray
type LossAndGradients = (params: Params, x: JaxArray, y: JaxArray) => [JaxArray, Params]
type TrainStep = (
  params: Params,
  state: State,
  x: JaxArray,
  y: JaxArray,
) => [JaxArray, Params, State]

export interface Training<K extends string> {
  readonly params: Params<K>
  readonly logits: LogitsOf<K>
  readonly x: JaxArray
  /** One-hot labels. [batch, classes] */
  readonly y: JaxArray
  readonly update: UpdateRule
  /** What `jit` compiles: the whole step, or the update alone, whichever is faster. */
  readonly compiled: 'step' | 'update'
}

/** Training steps by softmax cross entropy. */
export function training<K extends string>(jax: JaxModule, training: Training<K>): Work {
  const { x, y, update } = training
  const rule = makeRule(jax, update)
  const step = trainStep(jax, training, rule)
  let params: Params = training.params
  let state = rule.initialState(params)
  return heldLosses(jax, {
    train() {
      const [loss, nextParams, nextState] = step.run(params, state, x.ref, y.ref)
      params = nextParams
      state = nextState
      return [loss]
    },
    carried: () => [params, ...state],
    dispose() {
      step.dispose()
      jax.tree.dispose([params, state, x, y])
    },
  })
}

function trainStep<K extends string>(
  jax: JaxModule,
  { logits, compiled }: Training<K>,
  rule: Rule,
): { run: TrainStep; dispose(): void } {
  const { jit, tree } = jax
  const lossAndGradients = differentiate(jax, logits)
  const update = jit(rule.update)
  const plain: TrainStep = (params, state, x, y) => {
    const [loss, gradients] = lossAndGradients(tree.ref(params), x, y)
    return [loss, ...update(params, gradients, state)]
  }
  const step = jit(plain)
  return {
    run: compiled === 'step' ? step : plain,
    dispose() {
      step.dispose()
      update.dispose()
    },
  }
}

function differentiate<K extends string>(
  { nn, valueAndGrad }: JaxModule,
  logits: LogitsOf<K>,
): LossAndGradients {
  // valueAndGrad gives back exactly the names that it gets.
  const lossOf = (params: Params, x: JaxArray, y: JaxArray): JaxArray => {
    const [batch = 1] = x.shape
    const logOdds = nn.logSoftmax(logits(params as Params<K>, x))
    return logOdds
      .mul(y)
      .sum()
      .mul(-1 / batch)
  }
  return valueAndGrad(lossOf)
}
