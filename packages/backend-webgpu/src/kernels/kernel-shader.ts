/** A kernel as WGSL, with the number of workgroups to dispatch; none if there is nothing to do. */
export interface KernelShader {
  readonly code: string
  readonly workgroups: number
}
