import { BackendError, type CustomKernel, wrongLanguage } from '@tensorweft/core'
import { shareMemory } from './assembler/share-memory.ts'
import { tableEntryBytes } from './kernels/kernel-frame.ts'
import type { Memory } from './memory/memory.ts'

/**
 * Runs a kernel written by hand, whose module shares the memory of the plan. The function takes the
 * address of the table of a run, see `tableEntryBytes`.
 */
export function customRun(kernel: CustomKernel, memory: Memory): (table: number) => void {
  const { code, label, operands } = kernel
  if (code.language !== 'wasm') throw wrongLanguage(kernel, 'wasm', 'a wasm module')
  const { module, arguments: rest = [] } = code
  const run = functionOf(module, memory, label)
  return (table) => {
    const entries = new DataView(memory.wasm.buffer, table)
    const addresses = operands.map(({ slot }) => entries.getInt32(slot * tableEntryBytes, true))
    run(...addresses, ...rest)
  }
}

function functionOf(
  bytes: Uint8Array<ArrayBuffer>,
  { wasm: memory, isShared, limitPages }: Memory,
  label: string,
): (...numbers: readonly number[]) => unknown {
  let run: unknown
  let cause: unknown
  try {
    const fitting = isShared ? shareMemory(bytes, limitPages) : bytes
    run = new WebAssembly.Instance(new WebAssembly.Module(fitting), { env: { memory } }).exports
      .kernel
  } catch (error) {
    cause = error
  }
  if (typeof run === 'function') return (...numbers) => run(...numbers)
  const what = cause instanceof Error ? cause.message : 'it exports no function `kernel`'
  throw new BackendError('wasm.compile', {
    got: `a module for ${label} that cannot be used: ${what}`,
    wanted: 'one that imports its memory as env.memory and exports a function `kernel`',
    hint: 'look at what was given to registerKernel',
    cause,
  })
}
