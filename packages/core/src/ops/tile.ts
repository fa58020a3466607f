import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { checkIntegers, isPerAxis } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
import { reshape } from './reshape.ts'
import { broadcastTo } from './sum.ts'

/**
 * `x` repeated as a whole, `reps[i]` times along axis i. `x`: any shape and dtype.
 *
 * @throws ShapeError unless there is a number per axis, ArgumentError unless they are non-negative
 * integers.
 * @example
 * ```ts
 * await tile(tensor([[1, 2]]), [2, 2]).array() // [[1, 2, 1, 2], [1, 2, 1, 2]]
 * ```
 */
export function tile<D extends DType>(x: Tensor<D>, reps: readonly number[]): Tensor<D> {
  if (!isPerAxis(reps, checkTensor('tile', 'x', x).rank)) {
    throw new ShapeError('tile', {
      got: `reps ${formatShape(reps)} for a tensor of rank ${x.rank}`,
      wanted: 'one number per axis',
    })
  }
  checkIntegers('tile', 'reps', reps, 'non-negative integers')
  if (reps.every((times) => times === 1)) return x
  const apart = reshape(
    x,
    x.shape.flatMap((n) => [1, n]),
  )
  const repeated = broadcastTo(
    apart,
    x.shape.flatMap((n, axis) => [reps[axis] ?? 1, n]),
  )
  return reshape(
    repeated,
    x.shape.map((n, axis) => n * (reps[axis] ?? 1)),
  )
}
