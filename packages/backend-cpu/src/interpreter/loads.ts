import type { Step, TypedArray } from '@tensorweft/core'
import type { Action, Source } from './action.ts'
import type { Binding } from './binding.ts'
import { Guard } from './guard.ts'
import { IndexVector, MaskVector } from './index-vector.ts'
import { type Cell, partOf } from './registers.ts'
import { type Runs, runsOf } from './runs.ts'
import { affineOver, type Space } from './space.ts'
import { Walk } from './walk.ts'

export type LoadStep = Extract<Step, { op: 'load' }>

/** A load of consecutive elements: the values are used where they are. */
class InPlaceLoad implements Action {
  readonly cell: Cell
  private readonly binding: Binding
  private readonly constant: number

  constructor(binding: Binding, constant: number) {
    this.binding = binding
    this.constant = constant
    this.cell = { array: binding.array }
  }

  run(start: number, count: number): void {
    this.cell.array = partOf(this.binding.array, this.constant + start, count)
  }
}

/** An affine load without ranges, copied run by run. */
class AffineLoad implements Action {
  private readonly binding: Binding
  private readonly walk: Walk
  private readonly out: TypedArray
  private readonly runs: Runs

  constructor(binding: Binding, walk: Walk, out: TypedArray) {
    this.binding = binding
    this.walk = walk
    this.out = out
    this.runs = runsOf[binding.dtype]
  }

  run(start: number, count: number): void {
    const { walk, runs, out } = this
    const data = this.binding.array
    const stride = walk.strides[0] ?? 0
    walk.seek(start)
    for (let o = 0; o < count; ) {
      const n = Math.min(walk.remaining, count - o)
      runs.gather(n, out, o, data, walk.values[0] ?? 0, stride)
      walk.advance(n)
      o += n
    }
  }
}

/** An affine load that is 0 outside affine ranges, and reads nothing there. */
class GuardedLoad implements Action {
  private readonly binding: Binding
  private readonly guard: Guard
  private readonly walk: Walk
  private readonly out: TypedArray
  private readonly runs: Runs

  constructor(step: LoadStep, space: Space, binding: Binding, out: TypedArray) {
    this.binding = binding
    this.guard = new Guard(step.within)
    this.walk = new Walk(space, [affineOver(space, step.index), ...this.guard.functions(space)])
    this.out = out
    this.runs = runsOf[binding.dtype]
  }

  run(start: number, count: number): void {
    const { walk, guard, runs, out } = this
    const data = this.binding.array
    const stride = walk.strides[0] ?? 0
    walk.seek(start)
    for (let o = 0; o < count; ) {
      const n = Math.min(walk.remaining, count - o)
      guard.clip(walk, n)
      const { from, to } = guard
      const i = (walk.values[0] ?? 0) + from * stride
      if (from > 0) runs.fill(from, out, o, 0)
      if (to > from) runs.gather(to - from, out, o + from, data, i, stride)
      if (to < n) runs.fill(n - to, out, o + to, 0)
      walk.advance(n)
      o += n
    }
  }
}

/** A load whose index or ranges have digits: index and mask are written out first. */
class VectorLoad implements Action {
  private readonly binding: Binding
  private readonly index: IndexVector
  private readonly mask: MaskVector
  private readonly out: TypedArray

  constructor(step: LoadStep, space: Space, binding: Binding, out: TypedArray) {
    this.binding = binding
    this.index = new IndexVector(space, step.index, out.length)
    this.mask = new MaskVector(space, step.within, out.length)
    this.out = out
  }

  run(start: number, count: number): void {
    const { index, mask, out } = this
    const data = this.binding.array
    index.fill(start, count)
    mask.fill(start, count)
    for (let k = 0; k < count; k++) {
      out[k] = mask.values[k] === 0 ? 0 : (data[index.values[k] ?? 0] ?? 0)
    }
  }
}

export function hasDigits(step: Pick<LoadStep, 'index' | 'within'>): boolean {
  return step.index.digits.length > 0 || step.within.some(({ index }) => index.digits.length > 0)
}

/** The walk of a load that is affine and unguarded. */
function plainWalk(step: LoadStep, space: Space): Walk | undefined {
  if (step.within.length > 0 || hasDigits(step)) return undefined
  return new Walk(space, [affineOver(space, step.index)])
}

/** Whether the elements are consecutive, so that they can be used where they are. */
export function isInPlace(step: LoadStep, space: Space): boolean {
  const walk = plainWalk(step, space)
  if (walk === undefined || !walk.isRun) return false
  return walk.strides[0] === 1 || space.size === 1
}

/** Whether all points load one element. */
export function isConstant(step: LoadStep, space: Space): boolean {
  const walk = plainWalk(step, space)
  return walk?.isRun === true && walk.strides[0] === 0
}

export function loadInPlace(step: LoadStep, binding: Binding): Source {
  const action = new InPlaceLoad(binding, step.index.constant)
  return { cell: action.cell, action }
}

/** Loads into the register `out`. */
export function loadInto(step: LoadStep, space: Space, binding: Binding, out: TypedArray): Source {
  const cell: Cell = { array: out }
  if (hasDigits(step)) return { cell, action: new VectorLoad(step, space, binding, out) }
  if (step.within.length > 0) return { cell, action: new GuardedLoad(step, space, binding, out) }
  if (isConstant(step, space)) {
    const begin = () => out.fill(binding.array[step.index.constant] ?? 0)
    return { cell, begin }
  }
  const walk = new Walk(space, [affineOver(space, step.index)])
  return { cell, action: new AffineLoad(binding, walk, out) }
}
