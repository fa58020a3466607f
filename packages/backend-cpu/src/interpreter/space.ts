import { BackendError, type IndexData, sizeOf } from '@tensorweft/core'

/** Points that programs are evaluated at: some axes of a kernel, outermost first. */
export interface Space {
  /** Numbers of the axes in the kernel. */
  readonly axes: readonly number[]
  readonly sizes: readonly number[]
  /** Number of points; point number `p` is counted in row-major order. */
  readonly size: number
}

export function createSpace(kernelAxes: readonly number[], axes: readonly number[]): Space {
  const sizes = axes.map((axis) => {
    const size = kernelAxes[axis]
    if (size !== undefined) return size
    throw new BackendError('cpu.compile', {
      got: `axis ${axis} in a kernel of ${kernelAxes.length} axes`,
      wanted: 'an axis of the kernel',
    })
  })
  return { axes, sizes, size: sizeOf(sizes) }
}

/** `constant + Σ coefficients[d] · counter of axis d`, over the axes of a space. */
export interface Affine {
  readonly constant: number
  readonly coefficients: readonly number[]
}

/** The affine part of an index, without its digits. */
export function affineOver(space: Space, index: IndexData): Affine {
  const coefficients = space.axes.map(() => 0)
  for (const { axis, coefficient } of index.terms) {
    const position = space.axes.indexOf(axis)
    if (position < 0) {
      throw new BackendError('cpu.compile', {
        got: `an index over axis ${axis}, which is no loop`,
        wanted: 'an index over the axes of its stage',
      })
    }
    coefficients[position] = (coefficients[position] ?? 0) + coefficient
  }
  return { constant: index.constant, coefficients }
}
