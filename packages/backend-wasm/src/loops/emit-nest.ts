import type { Program, Store } from '@tensorweft/core'
import { LoopScope, oneLane } from './emit-loops.ts'
import type { Frame } from './frame.ts'
import type { Nest, Part } from './nest.ts'
import { type EmitterOptions, ProgramEmitter } from './program-emitter.ts'
import { emitWalk } from './walk.ts'

/** Steps that are worth writing twice. */
const mostSteps = 96

/** Emits loops around one program and its stores. */
export function emitNest(
  frame: Frame,
  nest: Nest,
  program: Program,
  stores: readonly Store[],
): void {
  emitTogether(frame, nest, [program], { stores }, (enter) => enter(0).store())
}

/** Emits loops around several programs; `body` enters each one in the innermost of them. */
export function emitTogether(
  frame: Frame,
  nest: Nest,
  programs: readonly Program[],
  options: EmitterOptions,
  body: (enter: (program: number) => ProgramEmitter, parts: readonly Part[]) => void,
): void {
  if (nest.loops.some(({ extent }) => extent === 0)) return
  const emitters = programs.map((program) => new ProgramEmitter(frame, nest, program, options))
  const scope = new LoopScope(frame.f, nest)
  emitWalk(scope, 0, oneLane, {
    programs: emitters,
    isDoubled: programs.flat().length <= mostSteps,
    body(parts) {
      const enter = (program: number): ProgramEmitter => {
        const emitter = emitters[program]
        if (emitter === undefined) throw new Error('a program is missing')
        emitter.enter(nest.loops.length, parts, scope.axisValue)
        return emitter
      }
      body(enter, parts)
    },
  })
}
