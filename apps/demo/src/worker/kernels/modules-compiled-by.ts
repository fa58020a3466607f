type Bytes = Uint8Array<ArrayBuffer>

/**
 * Runs `body`, which does not wait, and keeps the bytes of the WebAssembly modules that it compiles:
 * engines do not give them out again.
 */
export function modulesCompiledBy<T>(body: () => T): { result: T; modules: readonly Bytes[] } {
  const modules: Bytes[] = []
  const { Module } = WebAssembly
  WebAssembly.Module = class extends Module {
    constructor(source: BufferSource) {
      super(source)
      modules.push(bytesOf(source))
    }
  }
  try {
    return { result: body(), modules }
  } finally {
    WebAssembly.Module = Module
  }
}

function bytesOf(source: BufferSource): Bytes {
  const view = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
  return view.slice()
}
