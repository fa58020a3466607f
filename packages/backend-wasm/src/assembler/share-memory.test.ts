import { expect, test } from 'vitest'
import wabt from 'wabt'
import { shareMemory } from './share-memory.ts'

const text = (memory: string) => `(module
  (import "a" "global" (global i32))
  (import "env" "memory" ${memory})
  (import "b" "f" (func (param i32)))
  (import "c" "table" (table 1 2 funcref))
  (func (export "g") (result i32) i32.const 3))`

test.each(['(memory 1)', '(memory 1 200)', '(memory 1 300 shared)'])(
  'a module that imports %s takes a shared memory',
  async (memory) => {
    const { parseWat } = await wabt()
    const { buffer } = parseWat('m', text(memory), { threads: true }).toBinary({})
    const bytes = shareMemory(new Uint8Array(buffer), 300)
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      a: { global: 1 },
      b: { f: () => {} },
      c: { table: new WebAssembly.Table({ initial: 1, maximum: 2, element: 'anyfunc' }) },
      env: { memory: new WebAssembly.Memory({ initial: 2, maximum: 300, shared: true }) },
    })
    const { g } = instance.exports
    expect(typeof g === 'function' && g()).toBe(3)
  },
)

test('a module without imports stays as it is', async () => {
  const { parseWat } = await wabt()
  const { buffer } = parseWat('m', '(module (func (export "g")))', {}).toBinary({})
  const bytes = new Uint8Array(buffer)
  expect(shareMemory(bytes, 300)).toEqual(bytes)
})
