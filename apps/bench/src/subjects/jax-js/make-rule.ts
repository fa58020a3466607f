import type { UpdateRule } from '../../problems/update-rule.ts'
import { adam } from './adam.ts'
import type { JaxModule } from './jax.ts'
import type { Rule } from './rule.ts'
import { sgd } from './sgd.ts'

export function makeRule(jax: JaxModule, update: UpdateRule): Rule {
  return update.rule === 'sgd' ? sgd(update) : adam(jax, update)
}
