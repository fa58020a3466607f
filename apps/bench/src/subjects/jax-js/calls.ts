import type { CallsProblem } from '../../problems/calls.ts'
import type { Work } from '../../subject.ts'
import { array, type JaxArray, type JaxModule } from './jax.ts'

export function eagerCalls(jax: JaxModule, { calls, ...data }: CallsProblem): Work {
  const { numpy: np, tree } = jax
  const [a, b] = [array(jax, data.a, [data.a.length]), array(jax, data.b, [data.b.length])]
  let sum = a.ref
  return {
    async step() {
      for (let call = 0; call < calls; call++) {
        sum.dispose()
        sum = np.add(a.ref, b.ref)
      }
    },
    async settle() {
      await sum.blockUntilReady()
    },
    result: () => sum.ref.data(),
    dispose: async () => tree.dispose([a, b, sum]),
  }
}

export function compiledCalls(jax: JaxModule, { a, b, calls }: CallsProblem): Work {
  const step = jax.jit((total: JaxArray, increment: JaxArray): [JaxArray, JaxArray] => [
    total.ref.add(increment),
    total.mul(2),
  ])
  const increment = array(jax, b, [b.length])
  let total = array(jax, a, [a.length])
  let last = increment.ref
  return {
    async step() {
      for (let call = 0; call < calls; call++) {
        last.dispose()
        const results = step(total, increment.ref)
        total = results[0]
        last = results[1]
      }
    },
    async settle() {
      await jax.blockUntilReady([total, last])
    },
    result: () => last.ref.data(),
    async dispose() {
      jax.tree.dispose([total, last, increment])
      step.dispose()
    },
  }
}
