export { Adadelta, type AdadeltaOptions, type AdadeltaSlot, adadelta } from './adadelta.ts'
export { Adagrad, type AdagradOptions, adagrad } from './adagrad.ts'
export { Adam, type AdamOptions, type AdamSlot, adam } from './adam.ts'
export { AdamW, type AdamWOptions, adamW } from './adam-w.ts'
export { Adamax, type AdamaxOptions, type AdamaxSlot, adamax } from './adamax.ts'
export type { ClipOptions } from './clip-gradients.ts'
export { Lion, type LionOptions, lion } from './lion.ts'
export { Nadam, type NadamOptions, type NadamSlot, nadam } from './nadam.ts'
export {
  OptimizerBase,
  type OptimizerOptions,
  type RuleInput,
  type RuleOutput,
} from './optimizer-base.ts'
export { Radam, type RadamOptions, type RadamSlot, radam } from './radam.ts'
export { Rmsprop, type RmspropOptions, type RmspropSlot, rmsprop } from './rmsprop.ts'
export * from './schedules/index.ts'
export { Sgd, type SgdOptions, sgd } from './sgd.ts'
