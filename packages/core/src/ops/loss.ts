import { type FloatDType, isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, sameShape } from '../shape.ts'
import { checkTensor } from './check-tensor.ts'
import { mean } from './mean.ts'
import { sum } from './sum.ts'

/** How the losses of the elements become one: their mean, their sum, or not at all. */
export type LossReduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  /** By default `'mean'`. */
  readonly reduction?: LossReduction
}

/** A loss of predictions and targets. */
export type Loss = <D extends FloatDType>(
  predictions: Tensor<D>,
  targets: Tensor<D>,
  options?: LossOptions,
) => Tensor<D>

/** Defines a loss by what it is before it is reduced; both tensors are of one shape and dtype. */
export function defineLoss(
  name: string,
  losses: <D extends FloatDType>(predictions: Tensor<D>, targets: Tensor<D>) => Tensor<D>,
): Loss {
  return (predictions, targets, { reduction } = {}) => {
    checkLossInputs(name, { predictions, targets })
    return reduceLoss(name, losses(predictions, targets), reduction)
  }
}

/** The losses as `reduction` wants them. */
export function reduceLoss<D extends FloatDType>(
  op: string,
  losses: Tensor<D>,
  reduction: LossReduction = 'mean',
): Tensor<D> {
  switch (reduction) {
    case 'mean':
      return mean(losses)
    case 'sum':
      return sum(losses)
    case 'none':
      return losses
    default:
      throw new ArgumentError(op, {
        got: `reduction '${String(reduction)}'`,
        wanted: "'mean', 'sum' or 'none'",
      })
  }
}

/** Throws unless all inputs are floats of one dtype and shape. */
export function checkLossInputs<D extends FloatDType>(
  op: string,
  inputs: Readonly<Record<string, Tensor<D>>>,
  hint?: string,
): void {
  const tensors = Object.entries(inputs).map(
    ([name, input]) => [name, checkTensor(op, name, input)] as const,
  )
  const shapes = tensors.map(([name, { shape }]) => `${name} ${formatShape(shape)}`).join(', ')
  const types = tensors.map(([name, { dtype }]) => `${name} ${dtype}`).join(', ')
  for (const [name, { shape, dtype }] of tensors) {
    if (!isFloat(dtype) || dtype !== tensors[0]?.[1].dtype) {
      throw new DTypeError(op, {
        got: types,
        wanted: 'floats of one dtype',
        hint: `cast, for example ${name}.cast('float32')`,
      })
    }
    if (!sameShape(shape, tensors[0][1].shape)) {
      throw new ShapeError(op, {
        got: shapes,
        wanted: 'the same shape',
        ...(hint !== undefined && { hint }),
      })
    }
  }
}

/** Throws ShapeError unless there is a last axis with elements, over which a loss can be taken. */
export function checkLastAxis(op: string, name: string, { shape }: Pick<Tensor, 'shape'>): void {
  if ((shape.at(-1) ?? 0) > 0) return
  throw new ShapeError(op, {
    got: `${name} is ${formatShape(shape)}`,
    wanted: 'a last axis with at least one element',
  })
}
