import {
  type HandWrittenKernel,
  neg,
  registerKernel,
  tensor,
  unregisterKernel,
  withBackend,
} from '@tensorweft/core'
import { afterEach, describe, expect, test } from 'vitest'
import wabt from 'wabt'
import { wasm } from './index.ts'

async function kernel(text: string): Promise<HandWrittenKernel> {
  const { parseWat } = await wabt()
  const parsed = parseWat('kernel.wat', text)
  const module = Uint8Array.from(parsed.toBinary({}).buffer)
  parsed.destroy()
  return { emit: () => ({ language: 'wasm', module, arguments: [7.5] }) }
}

const negated = async () => {
  const backend = wasm()
  try {
    return await withBackend(backend, () =>
      neg(tensor([1, 2]).add(1))
        .mul(2)
        .array(),
    )
  } finally {
    await backend.dispose()
  }
}

afterEach(() => {
  unregisterKernel(neg, 'wasm')
})

describe('kernels written by hand', () => {
  test('get addresses and arguments, in the midst of a plan', async () => {
    // y = x + argument for two elements, so that the result shows who computed it.
    const add = (at: number) => `(f32.store offset=${at} (local.get $y)
      (f32.add (f32.load offset=${at} (local.get $x)) (local.get $by)))`
    const text = `(module (import "env" "memory" (memory 0))
      (func (export "kernel") (param $x i32) (param $y i32) (param $by f32) ${add(0)} ${add(4)}))`
    registerKernel(neg, 'wasm', await kernel(text))
    expect(await negated()).toEqual([19, 21])
  })

  test('without the function are an error that says so', async () => {
    registerKernel(neg, 'wasm', await kernel('(module (import "env" "memory" (memory 0)))'))
    await expect(negated()).rejects.toThrow(/a module for neg .*exports no function `kernel`/)
  })

  test('that are no modules are an error with the engine’s words', async () => {
    registerKernel(neg, 'wasm', { emit: () => ({ language: 'wasm', module: new Uint8Array(8) }) })
    await expect(negated()).rejects.toThrow(/a module for neg that cannot be used: .*magic/)
  })

  test('in another language are refused', async () => {
    registerKernel(neg, 'wasm', { run: () => {} })
    await expect(negated()).rejects.toThrow(/a kernel for neg in javascript/)
  })
})
