import type { Code, FunctionBuilder, Local } from '../assembler/index.ts'

/** Four lanes of float32 or int32. */
export type Vector = Code<'v128'>
export type VectorLocal = Local<'v128'>

/** What rendering needs of the function that it writes into. */
export interface LocalSource {
  local(type: 'v128', value?: Vector): VectorLocal
  /** Writes statements, which come after the values of locals so far. */
  emit(write: (f: Pick<FunctionBuilder, 'local' | 'set' | 'if' | 'repeat'>) => void): void
}
