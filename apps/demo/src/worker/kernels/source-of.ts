import { printPlan } from 'tensorweft'
import type { RecordedKernel } from './kernel-recorder.ts'
import { wasmText } from './wasm-text.ts'

export interface KernelSource {
  /** What core asks of the backend: loops, and the program inside of them. */
  readonly loops: string
  /** What the backend made of that; undefined where it runs the loops as they are. */
  readonly code: { readonly language: 'WebAssembly' | 'WGSL'; readonly text: string } | undefined
}

export async function sourceOf({ plan, source, modules }: RecordedKernel): Promise<KernelSource> {
  // The first lines tell of the memory of the plan, which here has nothing but the kernel.
  const loops = printPlan(plan).split('\n').slice(2).join('\n')
  if (source !== undefined) return { loops, code: { language: 'WGSL', text: source } }
  if (modules.length === 0) return { loops, code: undefined }
  const text = (await Promise.all(modules.map(wasmText))).join('\n')
  return { loops, code: { language: 'WebAssembly', text } }
}
