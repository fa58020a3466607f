import { expect, test } from 'vitest'
import { Memory } from '../memory/memory.ts'
import { controlBytes } from './control.ts'
import { Crew } from './crew.ts'
import { defaultPolicy } from './policy.ts'

test('the first run of a crew may be what the memory grows for', () => {
  const memory = new Memory(4, true)
  // All that is free from the start.
  memory.allocate(memory.bytes.byteLength - 256)
  const take = (byteLength: number) => memory.take(byteLength)
  const options = { threads: 2, canWait: true, ways: [], policy: defaultPolicy }
  const crew = new Crew({ ...options, memory: memory.wasm, take })
  const before = memory.bytes.byteLength
  let control = 0
  crew.run({
    executable: crew.add(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))),
    run: (_table, _scratch, address) => {
      control = address
    },
    table: 0,
    scratch: 0,
    isPatient: false,
  })
  expect(control).toBeGreaterThanOrEqual(before)
  expect(memory.bytes.byteLength).toBeGreaterThanOrEqual(control + controlBytes)
})
