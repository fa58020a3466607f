import { leavesOf, type Optimizer, Parameter, type Tensor, tensor, zeros } from '@tensorweft/core'

// The rules of training steps, as the package of optimisers has them: it is tested on this backend,
// so that tests here must do without it.

function optimizerOf(update: (pairs: readonly [Parameter, Tensor][]) => void): Optimizer {
  const updateTrees: Optimizer['update'] = (parameters, gradients) => {
    const [all, slopes] = [leavesOf(parameters), leavesOf(gradients)]
    update(all.map(({ leaf }, i) => [leaf as Parameter, slopes[i]?.leaf as Tensor]))
  }
  return { update: updateTrees, state: {} }
}

function counter(): { next(): Tensor } {
  const count = new Parameter(tensor(0, { dtype: 'int32' }), { trainable: false })
  return {
    next: () => {
      count.assign(count.value.add(1))
      return count.value.cast('float32')
    },
  }
}

/** `w ← w − rate · g`, and the number of the step counted. */
export function sgd(rate = 0.01): Optimizer {
  const steps = counter()
  return optimizerOf((pairs) => {
    steps.next()
    for (const [w, g] of pairs) w.assign(w.value.sub(g.mul(rate)))
  })
}

/** Adam (Kingma and Ba, 2015) with its usual numbers. */
export function adam(rate = 0.001): Optimizer {
  const steps = counter()
  const kept = new Map<Parameter, { m: Parameter; v: Parameter }>()
  const keptOf = (w: Parameter) => {
    const known = kept.get(w)
    if (known !== undefined) return known
    const [m, v] = [0, 1].map(() => new Parameter(zeros(w.shape), { trainable: false }))
    if (m === undefined || v === undefined) throw new Error('two moments')
    kept.set(w, { m, v })
    return { m, v }
  }
  return optimizerOf((pairs) => {
    const step = steps.next()
    const seen = (decay: number) => step.mul(Math.log(decay)).exp().neg().add(1)
    const scaledRate = tensor(rate).div(seen(0.9))
    const rootWeight = seen(0.999).sqrt()
    for (const [w, g] of pairs) {
      const { m, v } = keptOf(w)
      m.assign(m.value.mul(0.9).add(g.mul(0.1)))
      v.assign(v.value.mul(0.999).add(g.square().mul(0.001)))
      const scale = v.value.sqrt().div(rootWeight).add(1e-7)
      w.assign(w.value.sub(m.value.mul(scaledRate).div(scale)))
    }
  })
}
