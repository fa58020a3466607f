import { ModuleBuilder, relaxed } from '../assembler/index.ts'

let isKnown: boolean | undefined

/** Whether the engine has the instructions of relaxed SIMD: one answer for the whole process. */
export function hasRelaxed(): boolean {
  isKnown ??= WebAssembly.validate(probe())
  return isKnown
}

function probe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder()
  const f = module.define('probe')
  const a = f.local('v128')
  f.set(a, relaxed.maddF32x4(a, a, a))
  return module.finish()
}
