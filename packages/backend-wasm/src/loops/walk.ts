import { i32 } from '../assembler/index.ts'
import type { LoopScope } from './emit-loops.ts'
import type { Part } from './nest.ts'
import type { ProgramEmitter } from './program-emitter.ts'

/** What is done in the loops of a nest. */
export interface Walk {
  readonly programs: readonly ProgramEmitter[]
  /** Whether what is inside of all conditions is written a second time, where nothing tests them. */
  readonly isDoubled: boolean
  /** Enters the programs in the innermost loop, in its own order. */
  body(parts: readonly Part[]): void
  /** Where `after` comes: behind each turn of the loops before this position. */
  readonly split?: number | undefined
  after?(): void
}

/** Emits the loops of a nest from position `from` on. */
export function emitWalk(scope: LoopScope, from: number, parts: readonly Part[], walk: Walk): void {
  const known = Math.max(...walk.programs.map(({ accesses }) => accesses.guards.depth))
  const test = walk.isDoubled && known >= 0 ? Math.max(known, from) : -1
  emitFrom(scope, from, parts, walk, test)
}

/** `test` is how many loops must be entered before conditions are tested; −1 if they are not. */
function emitFrom(
  scope: LoopScope,
  from: number,
  parts: readonly Part[],
  walk: Walk,
  test: number,
): void {
  const { programs, split } = walk
  if (from === test) {
    for (const { accesses } of programs) accesses.enter(from, scope.axisValue)
    const states = programs.map((program) => program.save())
    const way = (isInside: boolean) => () => {
      programs.forEach((program, k) => {
        program.accesses.guards.isInside = isInside
        const state = states[k]
        if (state !== undefined) program.restore(state)
      })
      emitFrom(scope, from, parts, walk, -1)
    }
    const tests = programs.flatMap(({ accesses }) => accesses.guards.uniform)
    const all = tests.reduce((both, own) => i32.and(both, own))
    scope.f.if(all, way(true), way(false))
    return
  }
  const end = scope.nest.loops.length
  if (from === end) walk.body(parts)
  else {
    for (const program of programs) program.enter(from, parts, scope.axisValue)
    const next = Math.min(...[split ?? end, test, end].filter((stop) => stop > from))
    scope.emit(from, next, programs, parts, (inner) => emitFrom(scope, next, inner, walk, test))
  }
  if (from === split) walk.after?.()
}
