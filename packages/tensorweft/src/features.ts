interface GpuAdapter {
  readonly info?: { readonly isFallbackAdapter?: boolean }
  readonly isFallbackAdapter?: boolean
}

/** What of the surroundings is asked about; any of it may be missing. */
interface Surroundings {
  readonly navigator?: { readonly gpu?: { requestAdapter(): Promise<GpuAdapter | null> } }
  readonly WebAssembly?: { readonly Module: new (bytes: Uint8Array) => object }
}

const surroundings = (): Surroundings => globalThis as Surroundings

/** Whether the browser gives WebGPU a real GPU: one that software imitates is slower than wasm. */
export async function hasGpuAdapter(): Promise<boolean> {
  const { gpu } = surroundings().navigator ?? {}
  const adapter = await gpu?.requestAdapter().catch(() => null)
  if (adapter === undefined || adapter === null) return false
  return !(adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false)
}

/** A function that returns a vector: `i32.const 0`, `i8x16.splat`, `i8x16.popcnt`. */
const simdModule = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0a, 0x01, 0x08, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b],
)

/**
 * Whether WebAssembly with SIMD can be compiled. A page's content security policy may forbid it,
 * which only compiling shows.
 */
export function hasWasmSimd(): boolean {
  const { WebAssembly } = surroundings()
  try {
    return WebAssembly !== undefined && new WebAssembly.Module(simdModule) !== undefined
  } catch {
    return false
  }
}
