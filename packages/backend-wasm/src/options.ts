/** How many threads run plans, for `wasm`. */
export interface WasmOptions {
  /**
   * 1 or more; by default as many as there are cores. One where memory cannot be shared, which on
   * pages that are not cross-origin isolated is so.
   */
  readonly threads?: number
}
