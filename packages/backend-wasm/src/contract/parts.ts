import type { ContractKernel } from '@tensorweft/core'
import type { Code, FunctionBuilder, Local, ModuleBuilder } from '../assembler/index.ts'
import type { Frame } from '../loops/frame.ts'
import type { BoxGroup, BoxVariables } from './box.ts'
import type { MultiplyFunctions, ProductDType } from './multiply.ts'

/** What the code of a contraction is written with. */
export interface ContractionContext {
  readonly kernel: ContractKernel
  readonly module: ModuleBuilder
  readonly multiply: MultiplyFunctions
  /** The function of the kernel. */
  readonly f: FunctionBuilder
  readonly table: Local<'i32'>
  /** Memory of the thread. The word at its start is −1 when the first piece of a thread begins. */
  readonly scratch: Local<'i32'>
  /** Which piece of the work the function is called for. */
  readonly piece: Local<'i32'>
  /** The operands of the kernel in any function that has the table. */
  frameOf(f: FunctionBuilder, table: Local<'i32'>): Frame
}

/** The axis groups of a contraction, cut into boxes, and the sizes of all axes, new ones too. */
export interface BlockedAxes {
  readonly sizes: readonly number[]
  readonly batch: BoxGroup
  readonly m: BoxGroup
  readonly n: BoxGroup
  readonly k: BoxGroup
}

/** Starts of several groups in one map. */
export function joinStarts(...boxes: readonly BoxVariables[]): ReadonlyMap<number, Code<'i32'>> {
  return new Map(boxes.flatMap(({ starts }) => [...starts]))
}

/** The dtype in which products are summed and panels are kept: four bytes an element. */
export function panelDType(dtype: ProductDType): 'float32' | 'int32' {
  return dtype === 'float32' ? 'float32' : 'int32'
}
