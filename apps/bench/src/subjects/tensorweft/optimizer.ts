import { adam, sgd } from '@tensorweft/optimizers'
import type { UpdateRule } from '../../problems/update-rule.ts'

export function makeOptimizer(update: UpdateRule) {
  if (update.rule === 'sgd') return sgd({ learningRate: update.learningRate })
  const { learningRate, beta1, beta2, epsilon } = update
  return adam({ learningRate, beta1, beta2, epsilon })
}
