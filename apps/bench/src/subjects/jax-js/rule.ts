import type { Params } from './params.ts'

/** What a rule carries from step to step. */
export type State = Params[]

/** An update rule. */
export interface Rule {
  initialState(params: Params): State
  /** The next parameters and state. Takes over its arguments. */
  update(params: Params, gradients: Params, state: State): [Params, State]
}
