export { atomic } from './atomic.ts'
export type { Code } from './code.ts'
export {
  drop,
  type FunctionBuilder,
  fillMemory,
  type Local,
  unreachable,
} from './function-builder.ts'
export { i32 } from './i32.ts'
export { i64 } from './i64.ts'
export { ModuleBuilder } from './module-builder.ts'
export { f32x4, f64x2, i8x16, i16x8, i32x4, relaxed, v128 } from './v128.ts'
