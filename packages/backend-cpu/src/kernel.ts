/** A kernel ready to run on the arrays that its bindings name. */
export interface CompiledKernel {
  run(): void
}
