import { flatten, type Index, type IndexSpace, type Range, unflatten } from './index.ts'

/** Where an element of a view comes from: its index in the source, if the predicates hold. */
export interface Origin {
  readonly indices: readonly Index[]
  readonly ranges: readonly Range[]
}

/** A chain of views of a source array, as index maps composed from the output to the source. */
export class View {
  readonly space: IndexSpace
  readonly shape: readonly number[]
  readonly source: readonly number[]
  readonly origin: (indices: readonly Index[]) => Origin

  constructor(
    space: IndexSpace,
    source: readonly number[],
    shape: readonly number[] = source,
    origin: View['origin'] = (indices) => ({ indices, ranges: [] }),
  ) {
    this.space = space
    this.source = source
    this.shape = shape
    this.origin = origin
  }

  #then(shape: readonly number[], map: (indices: readonly Index[]) => readonly Index[]): View {
    return new View(this.space, this.source, shape, (indices) => this.origin(map(indices)))
  }

  reshape(...shape: number[]): View {
    return this.#then(shape, (indices) =>
      unflatten(flatten(indices, shape, this.space), this.shape),
    )
  }

  transpose(...order: number[]): View {
    const shape = order.map((axis) => this.shape[axis] ?? 1)
    return this.#then(shape, (indices) =>
      order.map((_, axis) => indices[order.indexOf(axis)] ?? this.space.constant(0)),
    )
  }

  flip(...axes: number[]): View {
    return this.#then(this.shape, (indices) =>
      indices.map((index, axis) =>
        axes.includes(axis) ? index.mul(-1).add((this.shape[axis] ?? 1) - 1) : index,
      ),
    )
  }

  slice(start: readonly number[], shape: readonly number[], step: readonly number[] = []): View {
    return this.#then(shape, (indices) =>
      indices.map((index, axis) => index.mul(step[axis] ?? 1).add(start[axis] ?? 0)),
    )
  }

  expand(...shape: number[]): View {
    return this.#then(shape, (indices) =>
      indices.map((index, axis) => (this.shape[axis] === 1 ? this.space.constant(0) : index)),
    )
  }

  pad(low: readonly number[], high: readonly number[]): View {
    const shape = this.shape.map((size, axis) => (low[axis] ?? 0) + size + (high[axis] ?? 0))
    return new View(this.space, this.source, shape, (indices) => {
      const inner = indices.map((index, axis) => index.sub(low[axis] ?? 0))
      const own = inner.map((index, axis) => ({ index, low: 0, high: this.shape[axis] ?? 1 }))
      const origin = this.origin(inner)
      return { indices: origin.indices, ranges: [...own, ...origin.ranges] }
    })
  }

  /** Replaces an axis by [positions, size]: windows of the axis. */
  window(axis: number, size: number, stride = 1, dilation = 1): View {
    const length = this.shape[axis] ?? 1
    const positions = Math.floor((length - dilation * (size - 1) - 1) / stride) + 1
    const shape = [...this.shape.slice(0, axis), positions, size, ...this.shape.slice(axis + 1)]
    return this.#then(shape, (indices) => {
      const position = indices[axis] ?? this.space.constant(0)
      const offset = indices[axis + 1] ?? this.space.constant(0)
      const index = position.mul(stride).add(offset.mul(dilation))
      return [...indices.slice(0, axis), index, ...indices.slice(axis + 2)]
    })
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A view as one kernel sees it: one flat output axis, the address read, and the predicates. */
export interface Access {
  readonly output: Index
  readonly address: Index
  readonly ranges: readonly Range[]
}

export function accessOf(view: View): Access {
  const output = view.space.axis(sizeOf(view.shape), 't')
  const { indices, ranges } = view.origin(unflatten(output, view.shape))
  return { output, address: flatten(indices, view.source, view.space), ranges }
}
