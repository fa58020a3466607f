import type { DType } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
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
  if (reps.length !== x.rank) {
    throw new ShapeError('tile', {
      got: `reps ${formatShape(reps)} for a tensor of rank ${x.rank}`,
      wanted: 'one number per axis',
    })
  }
  if (reps.some((times) => !Number.isInteger(times) || times < 0)) {
    throw new ArgumentError('tile', {
      got: `reps ${formatShape(reps)}`,
      wanted: 'non-negative integers',
    })
  }
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
