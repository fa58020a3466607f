/** How many threads run plans, for `wasm`. */
export interface WasmOptions {
  /**
   * From 1 to 1024; by default as many as there are cores. One where memory cannot be shared, which on
   * pages that are not cross-origin isolated is so. More than there are cores make plans slower.
   */
  readonly threads?: number
}
