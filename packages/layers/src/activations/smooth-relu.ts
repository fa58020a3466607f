import { greater, less, reciprocal, square, type Tensor, where } from '@tensorweft/core'

/** `(x + √(x² + 4)) / 2`, which left of 0 is written without the difference of near numbers. */
export function squareplus(x: Tensor): Tensor {
  const root = square(x).add(4).sqrt()
  const isLeft = less(x, 0)
  // What is not chosen must not divide by 0.
  const gap = where(isLeft, root.sub(x), 1)
  return where(isLeft, reciprocal(gap).mul(2), root.add(x).div(2))
}

/** 0 up to −1, `x` from 1 on, and `(x + 1)² / 4` between. */
export function sparsePlus(x: Tensor): Tensor {
  const inside = square(x.add(1)).div(4)
  return where(greater(x, 1), x, where(less(x, -1), 0, inside))
}
