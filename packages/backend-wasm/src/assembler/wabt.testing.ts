import wabt from 'wabt'
import type { ModuleBuilder } from './module-builder.ts'

const features = {
  simd: true,
  relaxed_simd: true,
  bulk_memory: true,
  sat_float_to_int: true,
  threads: true,
}

/** The text of a module as another tool reads it, which also checks that it is valid. */
export async function decode(module: ModuleBuilder): Promise<string> {
  return decodeBytes(module.finish())
}

export async function decodeBytes(bytes: Uint8Array): Promise<string> {
  const { readWasm } = await wabt()
  const decoded = readWasm(bytes, { ...features, readDebugNames: true })
  // Its types know nothing of the features that it takes here too.
  const validator: { validate(features: object): void } = decoded
  try {
    validator.validate(features)
    decoded.applyNames()
    return decoded.toText({ foldExprs: false, inlineExport: false })
  } finally {
    decoded.destroy()
  }
}
