export type ElementwiseFunction =
  | 'relu'
  | 'abs'
  | 'neg'
  | 'square'
  | 'tanh'
  | 'sqrt'
  | 'exp'
  | 'sigmoid'

/** One op of a chain: with a number, or of the value alone. */
export type ElementwiseOp =
  | { readonly op: 'add' | 'sub' | 'mul'; readonly number: number }
  | { readonly op: ElementwiseFunction }

/** A chain of elementwise ops, each on the result of the one before. */
export interface ElementwiseProblem {
  readonly values: Float32Array
  readonly ops: readonly ElementwiseOp[]
}
