import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { sizeOf } from '../shape.ts'
import { checkTyped, isBool } from './check-dtype.ts'
import { full } from './full.ts'
import { max, min } from './max.ts'
import { axesOf, keptShape, reducedExtents, withOnes } from './reduction.ts'

/** A reduction of bools, with its value over no elements. */
function defineBoolReduction(name: string, combine: typeof max, ofNone: boolean) {
  return (x: Tensor<'bool'>, axes: Axes = null, options: ReduceOptions = {}): Tensor<'bool'> => {
    checkTyped(name, 'x', x, isBool)
    const list = axesOf(name, x, axes)
    if (sizeOf(reducedExtents(x.shape, list)) > 0) return combine(x, list, options)
    const shape = options.keepDims ? withOnes(x.shape, list) : keptShape(x.shape, list)
    return full(shape, Number(ofNone), 'bool')
  }
}

/**
 * Whether at least one element over `axes` (default: all) is true; of no elements none is.
 *
 * @throws DTypeError unless `x` is bool.
 * @example
 * ```ts
 * await any(tensor([[1, 2], [3, 9]]).greater(4), 1).array() // [false, true]
 * ```
 */
export const any = defineBoolReduction('any', max, false)

/** Whether every element over `axes` (default: all) is true; of no elements all are. See `any`. */
export const all = defineBoolReduction('all', min, true)
