import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'
import { webgpu } from '@tensorweft/backend-webgpu'
import {
  type Backend,
  type HandWrittenKernel,
  key,
  randomNormal,
  registerKernel,
  rmsNorm,
  softmax,
  unregisterKernel,
} from '@tensorweft/core'
import { checkKernel } from '@tensorweft/testkit'
import { useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { afterEach, describe, expect, test } from 'vitest'
import wabt from 'wabt'
import { rmsNormOnWasm, rmsNormText } from './rms-norm-wasm.ts'
import { softmaxOnCpu } from './softmax-cpu.ts'
import { softmaxOnWebGpu } from './softmax-webgpu.ts'

async function assemble(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { parseWat } = await wabt()
  const module = parseWat('kernel.wat', text, { simd: true })
  const bytes = Uint8Array.from(module.toBinary({}).buffer)
  module.destroy()
  return bytes
}

const live: Backend[] = []
afterEach(async () => {
  for (const backend of live.splice(0)) await backend.dispose()
})

/** Registers a kernel and compares it, on the samples of the testkit and on larger calls. */
async function check<C extends object>(
  op: object,
  backend: Backend,
  kernel: HandWrittenKernel<C>,
  large: Parameters<typeof checkKernel>[2],
) {
  live.push(backend)
  registerKernel(op, backend.name, kernel)
  try {
    const samples = await checkKernel(op, backend)
    return { samples, large: await checkKernel(op, backend, large) }
  } finally {
    unregisterKernel(op, backend.name)
  }
}

const rows = () => randomNormal(key(1), [70, 1000])
const softmaxCalls = { calls: [() => softmax(rows()), () => softmax(rows().mul(40))] }

describe('kernels written by hand compute what the generated ones do', () => {
  test('softmax in JavaScript, on cpu', async () => {
    const { samples, large } = await check(softmax, cpu(), softmaxOnCpu, softmaxCalls)
    expect(samples.claimed).toBeGreaterThan(0)
    expect(samples.claimed).toBeLessThan(samples.calls)
    expect(large.claimed).toBe(2)
  })

  test('rmsNorm as a WebAssembly module, on wasm', async () => {
    const kernel = rmsNormOnWasm(await assemble(rmsNormText))
    const gamma = () => randomNormal(key(2), [1000])
    const calls = [() => rmsNorm(rows(), gamma()), () => rmsNorm(rows(), gamma(), { epsilon: 1 })]
    const { samples, large } = await check(rmsNorm, wasm(), kernel, { calls })
    expect(samples.claimed).toBeGreaterThan(0)
    expect(large.claimed).toBe(2)
  })

  test.runIf(useSwiftShader('a kernel written by hand'))('softmax in WGSL, on webgpu', async () => {
    const backend = await webgpu()
    const { samples, large } = await check(softmax, backend, softmaxOnWebGpu, softmaxCalls)
    expect(samples.claimed).toBeGreaterThan(0)
    expect(large.claimed).toBe(2)
  })
})
