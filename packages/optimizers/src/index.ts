export { Adam, type AdamOptions, adam } from './adam.ts'
export type { ClipOptions } from './clip-gradients.ts'
export type { Schedule } from './learning-rate.ts'
export {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'
export { Sgd, type SgdOptions, sgd } from './sgd.ts'
