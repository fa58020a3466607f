import type { FunctionBuilder } from '../assembler/index.ts'
import type { LocalSource, Vector, VectorLocal } from './vector.ts'

/**
 * Emits the same computation for several vectors, whose statements take turns: a constant is then
 * fetched once for all of them. Returns the results.
 */
export function emitInTurns(
  f: FunctionBuilder,
  count: number,
  render: (f: LocalSource, number: number) => Vector,
): VectorLocal[] {
  const results: VectorLocal[] = []
  const all = Array.from({ length: count }, (_, number) => {
    const statements: (() => void)[] = []
    const source: LocalSource = {
      local(type, value) {
        const local = f.local(type)
        if (value !== undefined) statements.push(() => f.set(local, value))
        return local
      },
      emit: (write) => statements.push(() => write(f)),
    }
    results.push(source.local('v128', render(source, number)))
    return statements
  })
  const longest = Math.max(0, ...all.map(({ length }) => length))
  for (let turn = 0; turn < longest; turn++) {
    for (const statements of all) {
      statements[turn]?.()
    }
  }
  return results
}
