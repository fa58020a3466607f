import type { Program, Store } from '@tensorweft/core'
import { LoopScope, oneLane } from './emit-loops.ts'
import type { Frame } from './frame.ts'
import type { Nest, Part } from './nest.ts'
import { type EmitterOptions, ProgramEmitter } from './program-emitter.ts'

/** Emits loops around one program and its stores. */
export function emitNest(
  frame: Frame,
  nest: Nest,
  program: Program,
  stores: readonly Store[],
): void {
  emitPoints(frame, nest, program, { stores }, (emitter) => emitter.store())
}

/** Emits loops around one program and what is done with its values. */
export function emitPoints(
  frame: Frame,
  nest: Nest,
  program: Program,
  options: EmitterOptions,
  body: (emitter: ProgramEmitter, parts: readonly Part[]) => void,
): void {
  if (nest.loops.some(({ extent }) => extent === 0)) return
  const emitter = new ProgramEmitter(frame, nest, program, options)
  const scope = new LoopScope(frame.f, nest)
  const depth = nest.loops.length
  emitter.enter(0, oneLane, scope.axisValue)
  scope.emit(0, depth, [emitter], oneLane, (parts) => {
    if (depth > 0) emitter.enter(depth, parts, scope.axisValue)
    body(emitter, parts)
  })
}

/** Emits loops around several programs; `body` enters each one in the innermost of them. */
export function emitTogether(
  frame: Frame,
  nest: Nest,
  programs: readonly Program[],
  body: (enter: (program: number) => ProgramEmitter, parts: readonly Part[]) => void,
): void {
  if (nest.loops.some(({ extent }) => extent === 0)) return
  const emitters = programs.map(
    (program) => new ProgramEmitter(frame, nest, program, { stores: [] }),
  )
  const scope = new LoopScope(frame.f, nest)
  const depth = nest.loops.length
  for (const emitter of emitters) emitter.enter(0, oneLane, scope.axisValue)
  scope.emit(0, depth, emitters, oneLane, (parts) => {
    const enter = (program: number): ProgramEmitter => {
      const emitter = emitters[program]
      if (emitter === undefined) throw new Error('a program is missing')
      if (depth > 0) emitter.enter(depth, parts, scope.axisValue)
      return emitter
    }
    body(enter, parts)
  })
}
