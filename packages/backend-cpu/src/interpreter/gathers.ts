import type { ArithmeticDType, Step, TypedArray } from '@tensorweft/core'
import type { Action } from './action.ts'
import type { Binding } from './binding.ts'
import { Guard } from './guard.ts'
import { IndexVector, MaskVector } from './index-vector.ts'
import { hasDigits } from './loads.ts'
import type { Cell } from './registers.ts'
import { type Runs, runsOf } from './runs.ts'
import { affineOver, type Space } from './space.ts'
import { Walk } from './walk.ts'

export type GatherStep = Extract<Step, { op: 'gather' }>

/** `out[o + k] = data[i + k · stride + offsets[o + k]]` for n points. */
type GatherRun = (
  n: number,
  out: TypedArray,
  o: number,
  data: TypedArray,
  i: number,
  stride: number,
  offsets: TypedArray,
) => void

// Written out for each kind of array, as the loops of plain loads are.
const float32: GatherRun = (n, out, o, data, i, stride, offsets) => {
  for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i + (offsets[o + k] ?? 0)] ?? 0
}
const float64: GatherRun = (n, out, o, data, i, stride, offsets) => {
  for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i + (offsets[o + k] ?? 0)] ?? 0
}
const int32: GatherRun = (n, out, o, data, i, stride, offsets) => {
  for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i + (offsets[o + k] ?? 0)] ?? 0
}
const uint8: GatherRun = (n, out, o, data, i, stride, offsets) => {
  for (let k = 0; k < n; k++, i += stride) out[o + k] = data[i + (offsets[o + k] ?? 0)] ?? 0
}

const gatherRuns: Readonly<Record<ArithmeticDType, GatherRun>> = {
  float32,
  float64,
  int32,
  uint8,
  bool: uint8,
}

/** Index and ranges are affine: run by run, and only where the ranges hold. */
class AffineGather implements Action {
  private readonly binding: Binding
  private readonly offsets: Cell
  private readonly guard: Guard
  private readonly walk: Walk
  private readonly out: TypedArray
  private readonly runs: Runs
  private readonly gather: GatherRun

  constructor(step: GatherStep, space: Space, binding: Binding, offsets: Cell, out: TypedArray) {
    this.binding = binding
    this.offsets = offsets
    this.guard = new Guard(step.within)
    this.walk = new Walk(space, [affineOver(space, step.index), ...this.guard.functions(space)])
    this.out = out
    this.runs = runsOf[binding.dtype]
    this.gather = gatherRuns[binding.dtype]
  }

  run(start: number, count: number): void {
    const { walk, guard, runs, out } = this
    const stride = walk.strides[0] ?? 0
    walk.seek(start)
    for (let o = 0; o < count; ) {
      const n = Math.min(walk.remaining, count - o)
      guard.clip(walk, n)
      const { from, to } = guard
      const i = (walk.values[0] ?? 0) + from * stride
      // Offsets may lie in the register of the result: what is filled is not read any more.
      if (from > 0) runs.fill(from, out, o, 0)
      const { array } = this.offsets
      this.gather(to - from, out, o + from, this.binding.array, i, stride, array)
      if (to < n) runs.fill(n - to, out, o + to, 0)
      walk.advance(n)
      o += n
    }
  }
}

/** Index and mask are written out first. */
class VectorGather implements Action {
  private readonly binding: Binding
  private readonly offsets: Cell
  private readonly index: IndexVector
  private readonly mask: MaskVector
  private readonly out: TypedArray

  constructor(step: GatherStep, space: Space, binding: Binding, offsets: Cell, out: TypedArray) {
    this.binding = binding
    this.offsets = offsets
    this.index = new IndexVector(space, step.index, out.length)
    this.mask = new MaskVector(space, step.within, out.length)
    this.out = out
  }

  run(start: number, count: number): void {
    const { index, mask, out } = this
    const data = this.binding.array
    const { array } = this.offsets
    index.fill(start, count)
    mask.fill(start, count)
    for (let k = 0; k < count; k++) {
      const place = (index.values[k] ?? 0) + (array[k] ?? 0)
      out[k] = mask.values[k] === 0 ? 0 : (data[place] ?? 0)
    }
  }
}

/** Makes a `gather` step in the register `out`, which may be that of the offsets. */
export function gatherInto(
  step: GatherStep,
  space: Space,
  binding: Binding,
  offsets: Cell,
  out: TypedArray,
): Action {
  return hasDigits(step)
    ? new VectorGather(step, space, binding, offsets, out)
    : new AffineGather(step, space, binding, offsets, out)
}
