import type { AdamRule } from '../../problems/update-rule.ts'
import type { JaxModule } from './jax.ts'
import { mapParams, type Params } from './params.ts'
import type { Rule, State } from './rule.ts'

/** The powers of the two decay rates, one factor per step taken. */
type Powers = Params<'beta1' | 'beta2'>

/** Its state is the two moments and the powers. */
export function adam({ numpy: np, tree }: JaxModule, rule: AdamRule): Rule {
  const zerosLike = (params: Params) => mapParams((a) => np.zeros(a.shape), params, params)
  return {
    initialState: (params) => [
      zerosLike(params),
      zerosLike(params),
      { beta1: np.ones([]), beta2: np.ones([]) },
    ],
    update(params, gradients, state) {
      const [m, v, powers] = nextState(state, gradients, rule)
      const next = move(np, params, tree.ref(m), tree.ref(v), tree.ref(powers), rule)
      return [next, [m, v, powers]]
    },
  }
}

function nextState(
  [m = {}, v = {}, powers = {}]: State,
  gradients: Params,
  { beta1, beta2 }: AdamRule,
): [Params, Params, Powers] {
  const { beta1: power1, beta2: power2 } = powers as Powers
  return [
    // The moment after this one takes the gradients over.
    mapParams((m, g) => m.mul(beta1).add(g.ref.mul(1 - beta1)), m, gradients),
    mapParams((v, g) => v.mul(beta2).add(g.ref.mul(g).mul(1 - beta2)), v, gradients),
    { beta1: power1.mul(beta1), beta2: power2.mul(beta2) },
  ]
}

function move(
  np: JaxModule['numpy'],
  params: Params,
  m: Params,
  v: Params,
  powers: Powers,
  { learningRate, epsilon }: AdamRule,
): Params {
  const correction1 = np.subtract(1, powers.beta1)
  const correction2 = np.subtract(1, powers.beta2)
  const directions = mapParams(
    (m, v) => m.div(correction1.ref).div(np.sqrt(v.div(correction2.ref)).add(epsilon)),
    m,
    v,
  )
  correction1.dispose()
  correction2.dispose()
  return mapParams((w, direction) => w.sub(direction.mul(learningRate)), params, directions)
}
