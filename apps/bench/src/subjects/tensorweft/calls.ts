import { add, type Backend, compile, Parameter, type Tensor, tensor } from '@tensorweft/core'
import type { CallsProblem } from '../../problems/calls.ts'
import type { Work } from '../../subject.ts'

export function eagerCalls({ calls, ...data }: CallsProblem): Work {
  const [a, b] = [tensor(data.a), tensor(data.b)]
  let sum = a
  return {
    async step() {
      for (let call = 0; call < calls; call++) sum = add(a, b)
    },
    result: () => sum.data(),
    async dispose() {
      a.dispose()
      b.dispose()
    },
  }
}

export function compiledCalls({ a, b, calls }: CallsProblem, backend: Backend): Work {
  const total = new Parameter(tensor(a))
  const increment = tensor(b)
  const step = compile((increment: Tensor) => {
    const before = total.value
    total.assign(before.add(increment))
    return before.mul(2)
  })
  let last = increment
  return {
    async step() {
      for (let call = 0; call < calls; call++) {
        if (last !== increment) last.dispose()
        last = step(increment)
      }
    },
    settle: () => backend.finish(),
    result: () => last.data(),
    async dispose() {
      last.dispose()
      increment.dispose()
    },
  }
}
