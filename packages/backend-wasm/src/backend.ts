import type { Backend } from '@tensorweft/core'
import type { WasmOptions } from './options.ts'
import { defaultPolicy } from './threads/policy.ts'
import { wasmWith } from './wasm-backend.ts'

/**
 * The WebAssembly backend: every plan becomes one module of SIMD code that works on one growing
 * memory of up to 4 GiB. It takes float32, int32, uint8 and bool, and every kind of kernel. Larger
 * plans run on several threads, whose number changes no bit of a result.
 *
 * @throws BackendError if `threads` is no whole number of 1 or more.
 *
 * @example
 * ```ts
 * await setBackend(wasm({ threads: 2 }))
 * ```
 */
export function wasm(options: WasmOptions = {}): Backend {
  return wasmWith(options, defaultPolicy)
}
