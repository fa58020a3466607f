import type { Affine, Space } from './space.ts'

interface Axis {
  size: number
  /** Step of each function along this axis. */
  steps: number[]
}

/** Axes of one point drop out, and neighbours become one axis where all functions allow it. */
function mergeAxes(space: Space, functions: readonly Affine[]): Axis[] {
  const axes: Axis[] = []
  space.sizes.forEach((size, position) => {
    if (size === 1) return
    const steps = functions.map(({ coefficients }) => coefficients[position] ?? 0)
    const outer = axes.at(-1)
    if (outer?.steps.every((step, f) => step === (steps[f] ?? 0) * size)) {
      outer.size *= size
      outer.steps = steps
    } else axes.push({ size, steps })
  })
  return axes.length === 0 ? [{ size: 1, steps: functions.map(() => 0) }] : axes
}

/**
 * Follows affine functions through a space in row-major order, by runs along the innermost axis:
 * within a run, function `f` starts at `values[f]` and grows by `strides[f]` from point to point.
 */
export class Walk {
  readonly values: Float64Array
  readonly strides: readonly number[]
  /** Whether the whole space is one run. */
  readonly isRun: boolean
  private readonly constants: readonly number[]
  private readonly sizes: Float64Array
  private readonly counters: Float64Array
  /** Row `axis` of `steps`: what each function gains by a step along that axis. */
  private readonly steps: readonly Float64Array[]
  /** Row `axis` of `carries`: what it gains when that axis wraps and the one outside it steps. */
  private readonly carries: readonly Float64Array[]

  constructor(space: Space, functions: readonly Affine[]) {
    const axes = mergeAxes(space, functions)
    this.constants = functions.map(({ constant }) => constant)
    this.values = new Float64Array(functions.length)
    this.strides = axes.at(-1)?.steps ?? []
    this.isRun = axes.length === 1
    this.sizes = Float64Array.from(axes, ({ size }) => size)
    this.counters = new Float64Array(axes.length)
    this.steps = axes.map(({ steps }) => Float64Array.from(steps))
    this.carries = axes.map(({ size, steps }, axis) =>
      Float64Array.from(steps, (step, f) => (axes[axis - 1]?.steps[f] ?? 0) - step * size),
    )
  }

  /** Goes to a point of the space. */
  seek(point: number): void {
    this.values.set(this.constants)
    let rest = point
    for (let axis = this.sizes.length - 1; axis >= 0; axis--) {
      const size = this.sizes[axis] ?? 1
      const outer = axis === 0 ? 0 : Math.floor(rest / size)
      const counter = rest - outer * size
      this.counters[axis] = counter
      this.add(this.steps[axis], counter)
      rest = outer
    }
  }

  /** Points left in the current run. */
  get remaining(): number {
    const axis = this.sizes.length - 1
    return (this.sizes[axis] ?? 0) - (this.counters[axis] ?? 0)
  }

  /** Goes `count` points ahead, at most to the end of the current run. */
  advance(count: number): void {
    let axis = this.sizes.length - 1
    this.counters[axis] = (this.counters[axis] ?? 0) + count
    this.add(this.steps[axis], count)
    while (axis > 0 && this.counters[axis] === this.sizes[axis]) {
      this.add(this.carries[axis], 1)
      this.counters[axis] = 0
      axis--
      this.counters[axis] = (this.counters[axis] ?? 0) + 1
    }
  }

  private add(gains: Float64Array | undefined, times: number): void {
    if (gains === undefined) return
    const { values } = this
    for (let f = 0; f < values.length; f++) {
      values[f] = (values[f] ?? 0) + (gains[f] ?? 0) * times
    }
  }
}
