import type { ScanForm, ScatterForm, SortForm, WalkForm } from '../graph/tensor.ts'
import { flatten, type Index, type IndexSpace, unflatten } from '../index-algebra/index.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { type Shape, sizeOf } from '../shape.ts'

/** A walk with its rows and points as flat axes, and the expressions at a point. */
export type Walk = ScanWalk | SortWalk | ScatterWalk

interface WalkBase {
  readonly row: Index
  readonly point: Index
  /** Points of all rows. */
  readonly size: number
  readonly value: Scalar
  /** Where the result of a point goes; for a scatter, where position 0 of the row is. */
  readonly index: Index
}

interface ScanWalk extends WalkBase {
  readonly kind: 'scan'
  readonly form: ScanForm
}

interface SortWalk extends WalkBase {
  readonly kind: 'sort'
  readonly form: SortForm
}

export interface ScatterWalk extends WalkBase {
  readonly kind: 'scatter'
  readonly target: Scalar
  /** Distance of neighbouring targets, and their number. */
  readonly stride: number
  readonly targets: number
  readonly initial: InitialValues
}

/** What a scatter adds to: a value for each element of the result. */
export interface InitialValues {
  readonly at: Index
  readonly size: number
  readonly value: Scalar
}

/** The expressions that are evaluated at each point. */
export function rootsAtPoint(walk: Walk): Scalar[] {
  return walk.kind === 'scatter' ? [walk.target, walk.value] : [walk.value]
}

/** Every expression of a walk. */
export function rootsOf(walk: Walk): Scalar[] {
  return walk.kind === 'scatter' ? [...rootsAtPoint(walk), walk.initial.value] : rootsAtPoint(walk)
}

/** Writes the expressions of a form over new axes of `space`. */
export function walkOf(form: WalkForm, shape: Shape, space: IndexSpace): Walk {
  const rows = shape.filter((_, axis) => axis !== form.axis)
  const row = space.axis(sizeOf(rows), 'o')
  const others = unflatten(row, rows)
  const along = (position: Index) => others.toSpliced(form.axis, 0, position)
  if (form.kind === 'scatter') {
    const index = flatten(along(space.constant(0)), shape, space)
    return scatterWalk(form, shape, space, { row, others, index })
  }
  const point = space.axis(shape[form.axis] ?? 1, 's')
  const at = along(point)
  const value = form.element(at)
  const base = { row, point, size: sizeOf(shape), value, index: flatten(at, shape, space) }
  return form.kind === 'scan' ? { kind: 'scan', form, ...base } : { kind: 'sort', form, ...base }
}

function scatterWalk(
  form: ScatterForm,
  shape: Shape,
  space: IndexSpace,
  { row, others, index }: { row: Index; others: readonly Index[]; index: Index },
): ScatterWalk {
  const point = space.axis(sizeOf(form.points), 's')
  const targets = shape[form.axis] ?? 1
  const at = space.axis(sizeOf(shape), 't')
  return {
    kind: 'scatter',
    row,
    point,
    index,
    targets,
    stride: sizeOf(shape.slice(form.axis + 1)),
    size: (sizeOf(shape) / Math.max(1, targets)) * sizeOf(form.points),
    initial: { at, size: sizeOf(shape), value: form.initial(unflatten(at, shape)) },
    ...form.update(others, unflatten(point, form.points)),
  }
}
