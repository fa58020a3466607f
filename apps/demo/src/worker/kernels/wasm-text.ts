/** What generated modules use beyond the first version of WebAssembly. */
const features = {
  simd: true,
  relaxed_simd: true,
  bulk_memory: true,
  sat_float_to_int: true,
  threads: true,
}

/** A WebAssembly module in the text format, with the names that its functions carry. */
export async function wasmText(bytes: Uint8Array): Promise<string> {
  const { default: wabt } = await import('wabt').catch((cause: unknown) => {
    throw new Error('The program that writes WebAssembly as text could not be loaded.', { cause })
  })
  const { readWasm } = await wabt()
  const module = readWasm(bytes, { ...features, readDebugNames: true })
  try {
    module.applyNames()
    return module.toText({ foldExprs: false, inlineExport: true })
  } finally {
    module.destroy()
  }
}
