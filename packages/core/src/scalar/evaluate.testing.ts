import { castNumber } from '../dtype.ts'
import { instructionFunction } from '../naive-backend/instructions.testing.ts'
import { postOrder, type Scalar } from './scalar.ts'

/**
 * An expression of run-time arguments as a function of their values, rounded after every
 * instruction as a backend rounds.
 */
export function scalarFunction(root: Scalar): (...values: readonly number[]) => number {
  const order = postOrder([root])
  const position = new Map(order.map((scalar, i) => [scalar, i]))
  const results: number[] = []
  const steps = order.map((scalar) => {
    if (scalar.kind === 'constant') {
      const value = castNumber(scalar.value, scalar.dtype)
      return () => value
    }
    if (scalar.kind === 'argument') {
      const { argument, dtype } = scalar
      return (values: readonly number[]) => castNumber(values[argument] ?? Number.NaN, dtype)
    }
    if (scalar.kind !== 'apply') throw new TypeError(`a scalar of kind ${scalar.kind}`)
    const [a = 0, b = 0, c = 0] = scalar.args.map((arg) => position.get(arg))
    const apply = instructionFunction(scalar.instruction, scalar.dtype, scalar.args[0]?.dtype)
    return () => apply(results[a] ?? 0, results[b] ?? 0, results[c] ?? 0)
  })
  return (...values) => {
    steps.forEach((step, i) => {
      results[i] = step(values)
    })
    return results[steps.length - 1] ?? Number.NaN
  }
}
