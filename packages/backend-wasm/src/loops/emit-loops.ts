import type { FunctionBuilder } from '../assembler/index.ts'
import { i32, type Local } from '../assembler/index.ts'
import type { AxisValue } from './index-code.ts'
import { type Loop, lanesPerVector, type Nest, type Part, partsFor } from './nest.ts'
import type { ProgramEmitter } from './program-emitter.ts'

/** Lanes of code outside the vector loop: values are the same in all of them. */
export const oneLane: readonly Part[] = [{ offset: 0, lanes: 1 }]

/** The loops of a nest that are open at some place of a function, and their counters. */
export class LoopScope {
  readonly f: FunctionBuilder
  readonly nest: Nest
  readonly #counters = new Map<number, Local<'i32'>>()

  constructor(f: FunctionBuilder, nest: Nest, outside?: LoopScope) {
    this.f = f
    this.nest = nest
    if (outside !== undefined) this.#counters = new Map(outside.#counters)
  }

  readonly axisValue: AxisValue = (axis) => this.#counters.get(axis) ?? this.nest.starts.get(axis)

  /**
   * Emits the loops from position `from` to before `to` around a body. Programs enter each loop
   * but the last one, which the body does: there the order of programs matters.
   */
  emit(
    from: number,
    to: number,
    programs: readonly ProgramEmitter[],
    parts: readonly Part[],
    body: (parts: readonly Part[]) => void,
  ): void {
    const loop = this.nest.loops[from]
    if (from >= to || loop === undefined) {
      body(parts)
      return
    }
    const saved = programs.map((program) => program.save())
    for (const program of programs) program.accesses.open(from)
    const start = this.nest.starts.get(loop.axis) ?? i32.const(0)
    const counter = this.f.local('i32', start)
    this.#counters.set(loop.axis, counter)
    this.#turns(from, loop, counter, parts, programs, (inner) => {
      if (from + 1 < to) {
        for (const program of programs) program.enter(from + 1, inner, this.axisValue)
      }
      this.emit(from + 1, to, programs, inner, body)
    })
    this.#counters.delete(loop.axis)
    programs.forEach((program, k) => {
      const state = saved[k]
      if (state !== undefined) program.restore(state)
    })
  }

  /** Emits the turns of one loop: by vectors and then the rest, or point by point. */
  #turns(
    position: number,
    loop: Loop,
    counter: Local<'i32'>,
    parts: readonly Part[],
    programs: readonly ProgramEmitter[],
    turn: (parts: readonly Part[]) => void,
  ): void {
    const { nest, f } = this
    const isVector = position === nest.vector
    const width = isVector ? lanesPerVector * nest.unroll : 1
    const { extent } = loop
    const step = (inner: readonly Part[], points: number) => {
      turn(inner)
      for (const program of programs) program.accesses.advance(position, points)
      f.set(counter, i32.add(counter, i32.const(points)))
    }
    const full = isVector ? partsFor(width) : parts
    const start = nest.starts.get(loop.axis)
    const after = (count: number) =>
      start === undefined ? i32.const(count) : i32.add(start, i32.const(count))
    if (typeof extent === 'number') {
      const turns = Math.floor(extent / width)
      if (turns === 1) step(full, width)
      else if (turns > 1) {
        const end = f.local('i32', after(turns * width))
        f.repeat(() => {
          step(full, width)
          return i32.ne(counter, end)
        })
      }
      if (extent % width > 0) turn(partsFor(extent % width))
      return
    }
    const end = f.local('i32', start === undefined ? extent : i32.add(start, extent))
    if (isVector) {
      const isWhole = i32.leS(i32.add(counter, i32.const(width)), end)
      f.while(isWhole, () => step(full, width))
      f.while(i32.ltS(counter, end), () => step(oneLane, 1))
    } else {
      f.repeat(() => {
        step(full, 1)
        return i32.ltS(counter, end)
      })
    }
  }
}
