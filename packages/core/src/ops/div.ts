import { type DType, type FloatDType, isFloat } from '../dtype.ts'
import { type Operand, Tensor } from '../graph/tensor.ts'
import { toFloat } from './cast.ts'
import { type BinaryOp, broadcastOperands, defineBinary } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

const floatDiv: BinaryOp = defineBinary({
  name: 'div',
  accepts: isFloat,
  expression: (scalar, a, b) => scalar.div(a, b),
  vjp: (dy, _, b, y) => ({ a: floatDiv(dy, b), b: neg(floatDiv(mul(dy, y), b)) }),
})

/** `a / b`, broadcast. Integers are divided as float32. */
export function div<D extends FloatDType>(a: Operand<D>, b: Operand<D>): Tensor<D>
export function div<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor
export function div(a: Operand<DType>, b: Operand<DType>): Tensor<DType>
export function div(a: Operand<DType>, b: Operand<DType>): Tensor<DType> {
  const operands = broadcastOperands('div', beside(a, b), beside(b, a))
  return floatDiv<DType>(toFloat(operands.a), toFloat(operands.b))
}

/** `x` as floats if it meets a number, which need not be whole then. */
function beside(x: Operand<DType>, other: Operand<DType>): Operand<DType> {
  return typeof other === 'number' && x instanceof Tensor ? toFloat(x) : x
}
