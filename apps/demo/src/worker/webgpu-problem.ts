/** Why WebGPU does not work here, if it does not. */
export async function webgpuProblem(): Promise<string | undefined> {
  if (!isSecureContext) return 'Browsers give WebGPU only to pages from https or localhost.'
  if (!('gpu' in navigator)) return 'This browser has no WebGPU.'
  const adapter = await navigator.gpu.requestAdapter().catch(() => null)
  return adapter === null ? 'This browser found no GPU that it may use.' : undefined
}
