/**
 * How a backend does something:
 * - `native`: by code of its own. It renders the kernel kind or the function, computes the dtype, or
 *   an op is claimed by a kernel that was written by hand for it.
 * - `generated`: in kernels that core generates from the op's lowering, all of kinds and with
 *   functions that the backend renders.
 * - `decomposed`: core writes it with others first, because the backend lacks a kind or a function.
 * - `unsupported`: the backend refuses it, or gives wrong values, whatever its capabilities say.
 */
export type Support = 'native' | 'generated' | 'decomposed' | 'unsupported'

/** How a backend does one thing, as plain data. */
export interface Capability {
  /** A dtype, a kernel kind or step, a function with a dtype such as `exp float32`, or an op. */
  readonly name: string
  readonly support: Support
  /**
   * Of an op: the kernel kinds of its plans. Of a kind or a function that is decomposed: the kinds or
   * instructions that stand for it.
   */
  readonly runsAs: readonly string[]
  /** Of an op: kernel kinds and functions that its plans would hold if the backend had them. */
  readonly lacks: readonly string[]
  /** Why it is unsupported; or what is known to be off, or which part it holds for. */
  readonly reason?: string
}

/** What a backend does natively, generated or decomposed: plain data, ready for JSON. */
export interface CapabilityReport {
  readonly backend: string
  /** Every dtype: whether all instructions are right on it. */
  readonly dtypes: readonly Capability[]
  /** Every kernel kind, and steps that gather. */
  readonly kernels: readonly Capability[]
  /** Every scalar function on every dtype of floats. */
  readonly functions: readonly Capability[]
  /** Every op of core. */
  readonly ops: readonly Capability[]
  /** The first gradient of every op that has one. */
  readonly gradients: readonly Capability[]
}
