export { constant, ones, zeros } from './constant.ts'
export { glorotNormal, glorotUniform } from './glorot.ts'
export { heNormal, heUniform } from './he.ts'
export type { Initializer } from './initializer.ts'
export { lecunNormal, lecunUniform } from './lecun.ts'
export {
  type NormalInitializerOptions,
  randomNormal,
  randomUniform,
  truncatedNormal,
  type UniformInitializerOptions,
} from './random.ts'
export { type VarianceScalingOptions, varianceScaling } from './variance-scaling.ts'
