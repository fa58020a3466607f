import type { TypedArray } from '../dtype.ts'
import type { TensorSpec } from '../graph/tensor.ts'
import type { WasmCode, WgslCode } from '../ir/kernel.ts'

/** A tensor of a call with its values, row-major. */
export interface KernelArray extends TensorSpec {
  readonly data: TypedArray
}

/** A call with the values of its tensors. */
export type CallWithData<C> = {
  readonly [K in keyof C]: C[K] extends TensorSpec ? KernelArray : C[K]
}

/**
 * A kernel for calls of an op. `C` is the call: shapes and dtypes of its tensors, and its other
 * arguments as they were given, by the names of the composite's arguments or of the op's inputs and
 * attributes.
 */
export type HandWrittenKernel<C extends object = object> = {
  /** Whether it takes such a call; by default it takes all. */
  supports?(call: C, output: TensorSpec): boolean
} & (EmittedKernel<C> | FunctionKernel<C>)

/** For backends that run WebAssembly or WGSL. */
export interface EmittedKernel<C extends object = object> {
  emit(call: C, output: TensorSpec): WasmCode | WgslCode
}

/** For backend-cpu. */
export interface FunctionKernel<C extends object = object> {
  /** Writes `output.data`, which holds anything before. */
  run(call: CallWithData<C>, output: KernelArray): void
}
