import { expect, test } from 'vitest'
import { modulesCompiledBy } from './modules-compiled-by.ts'

const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

test('keeps copies of the bytes of all modules, and nothing beyond', () => {
  const { Module } = WebAssembly
  const bytes = empty.slice()
  const { result, modules } = modulesCompiledBy(() => {
    const first = new WebAssembly.Module(bytes)
    return [first, new WebAssembly.Module(bytes.buffer)]
  })
  bytes.fill(1)
  expect(modules).toEqual([empty, empty])
  expect(result.map((module) => new WebAssembly.Instance(module).exports)).toHaveLength(2)
  expect(WebAssembly.Module).toBe(Module)
})

test('leaves everything as it was where the code is refused', () => {
  const { Module } = WebAssembly
  expect(() => modulesCompiledBy(() => new WebAssembly.Module(new Uint8Array(3)))).toThrow()
  expect(WebAssembly.Module).toBe(Module)
})
