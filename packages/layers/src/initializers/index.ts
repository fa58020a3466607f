export { constant, ones, zeros } from './constant.ts'
export { glorotNormal, glorotUniform } from './glorot.ts'
export { heNormal, heUniform } from './he.ts'
export { type GainOptions, identity } from './identity.ts'
export type { Initializer } from './initializer.ts'
export { lecunNormal, lecunUniform } from './lecun.ts'
export { orthogonal } from './orthogonal.ts'
export {
  type NormalInitializerOptions,
  randomNormal,
  randomUniform,
  truncatedNormal,
  type UniformInitializerOptions,
} from './random.ts'
export { type VarianceScalingOptions, varianceScaling } from './variance-scaling.ts'
