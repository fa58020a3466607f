import type { SgdRule } from '../../problems/update-rule.ts'
import { mapParams } from './params.ts'
import type { Rule } from './rule.ts'

export function sgd({ learningRate }: SgdRule): Rule {
  return {
    initialState: () => [],
    update: (params, gradients, state) => [
      mapParams((w, g) => w.sub(g.mul(learningRate)), params, gradients),
      state,
    ],
  }
}
