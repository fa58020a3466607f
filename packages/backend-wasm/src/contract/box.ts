import { type Code, type FunctionBuilder, i32, type Local } from '../assembler/index.ts'
import type { Loop } from '../loops/nest.ts'
import type { AxisSum } from '../transform/split-axis.ts'
import type { Blocking } from './blocking.ts'

/** Which box of a group is meant, in variables of some function. */
export interface BoxVariables {
  /** Values of the axes that are fixed in the box, and the start of the chunked one. */
  readonly starts: ReadonlyMap<number, Local<'i32'>>
  /** Points that the box has of the chunked axis. */
  readonly count: number | Local<'i32'>
}

/** An axis within a box, and what its points count in the box's own numbering. */
export interface BoxAxis {
  readonly axis: number
  readonly size: number
  readonly stride: number
}

/** The boxes of a group of axes. Within a box, a new axis counts the points of its chunk. */
export class BoxGroup {
  readonly blocking: Blocking
  /** Axes within a box, outermost first: the new one, then those that are whole. */
  readonly axes: readonly BoxAxis[]
  readonly #outer: readonly { readonly axis: number; readonly size: number }[]
  /** The chunked axis, unless one chunk has all of it. */
  readonly #cut: Blocking['chunk']
  /** Points of every chunk, if all have the same. */
  readonly #staticCount: number | undefined

  /** Appends the new axis to the sizes of all axes. */
  constructor(sizes: number[], blocking: Blocking) {
    const { chunk, inner, innerPoints, outer } = blocking
    this.blocking = blocking
    this.#outer = outer.map((axis) => ({ axis, size: sizes[axis] ?? 1 }))
    this.axes = []
    this.#staticCount = 1
    if (chunk === undefined) return
    const { axis, size, length } = chunk
    let stride = innerPoints
    const rest = inner.map((axis): BoxAxis => {
      const size = sizes[axis] ?? 1
      stride /= size
      return { axis, size, stride }
    })
    this.axes = [{ axis: sizes.push(length) - 1, size: length, stride: innerPoints }, ...rest]
    this.#staticCount = size === 0 || size % length === 0 ? length : undefined
    if (length < size) this.#cut = chunk
    // What a single chunk leaves of its axis is the point 0.
    else sizes[axis] = 1
  }

  /** How indexes name the points of a chunk. */
  get sums(): AxisSum[] {
    const { chunk } = this.blocking
    const [first] = this.axes
    if (chunk === undefined || first === undefined) return []
    return [{ axis: chunk.axis, parts: [{ axis: first.axis, factor: 1 }] }]
  }

  loops({ count }: BoxVariables): Loop[] {
    return this.axes.map(({ axis, size }, k) => ({ axis, extent: k === 0 ? count : size }))
  }

  /** Points of a box. */
  points({ count }: BoxVariables): Code<'i32'> {
    const { innerPoints } = this.blocking
    if (typeof count === 'number') return i32.const(count * innerPoints)
    return innerPoints === 1 ? count : i32.mul(count, i32.const(innerPoints))
  }

  /** Whether some box has a number of points that is no multiple of `tile`. */
  isRagged(tile: number): boolean {
    const { innerPoints } = this.blocking
    const [first] = this.axes
    const rest = (this.#cut?.size ?? 0) % (this.#cut?.length ?? 1)
    return [(first?.size ?? 1) * innerPoints, rest * innerPoints].some((p) => p % tile !== 0)
  }

  /** Declares parameters that say which box a function works on. */
  parameters(f: FunctionBuilder): BoxVariables {
    const starts = new Map(this.#fixedAxes().map((axis) => [axis, f.parameter('i32')]))
    return { starts, count: this.#staticCount ?? f.parameter('i32') }
  }

  /** Arguments for these parameters. */
  arguments({ starts, count }: BoxVariables): Code<'i32'>[] {
    const fixed = this.#fixedAxes().map((axis) => starts.get(axis) ?? i32.const(0))
    return typeof count === 'number' ? fixed : [...fixed, count]
  }

  /** The box of a number that counts them, in row-major order. */
  locate(f: FunctionBuilder, box: Local<'i32'>): BoxVariables {
    const starts = new Map<number, Local<'i32'>>()
    const cut = this.#cut
    const chunks = cut === undefined ? 1 : Math.ceil(cut.size / cut.length)
    const axes = [...this.#outer, ...(cut === undefined ? [] : [{ axis: cut.axis, size: chunks }])]
    let inner = 1
    for (const { axis, size } of axes.reverse()) {
      const turns = inner === 1 ? box : i32.divU(box, i32.const(inner))
      const isOutermost = inner * size === this.blocking.boxes
      const value = isOutermost ? turns : i32.remU(turns, i32.const(size))
      const step = axis === cut?.axis ? cut.length : 1
      starts.set(axis, f.local('i32', step === 1 ? value : i32.mul(value, i32.const(step))))
      inner *= size
    }
    return { starts, count: this.#countFrom(f, starts) }
  }

  /** Emits loops over all boxes. */
  walk(f: FunctionBuilder, body: (box: BoxVariables) => void): void {
    const { boxes } = this.blocking
    if (boxes === 1) {
      body({ starts: new Map(), count: this.#staticCount ?? 1 })
      return
    }
    const box = f.local('i32', i32.const(0))
    f.repeat(() => {
      body(this.locate(f, box))
      f.set(box, i32.add(box, i32.const(1)))
      return i32.ltU(box, i32.const(boxes))
    })
  }

  #countFrom(f: FunctionBuilder, starts: ReadonlyMap<number, Local<'i32'>>) {
    const cut = this.#cut
    const start = starts.get(cut?.axis ?? -1)
    if (this.#staticCount !== undefined || cut === undefined || start === undefined) {
      return this.#staticCount ?? 1
    }
    return least(f, f.local('i32', i32.sub(i32.const(cut.size), start)), cut.length)
  }

  #fixedAxes(): number[] {
    const outer = this.#outer.map(({ axis }) => axis)
    return this.#cut === undefined ? outer : [...outer, this.#cut.axis]
  }
}

function least(f: FunctionBuilder, value: Local<'i32'>, limit: number): Local<'i32'> {
  const constant = i32.const(limit)
  return f.local('i32', i32.select(value, constant, i32.ltU(value, constant)))
}
