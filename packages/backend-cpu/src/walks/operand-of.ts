import { BackendError, type DType, type Kernel } from '@tensorweft/core'
import type { Binding } from '../interpreter/binding.ts'

/** An operand that values of a dtype are written to. */
export function operandOf(
  { label }: Kernel,
  operands: readonly Binding[],
  operand: number,
  dtype: DType | undefined,
): Binding {
  const binding = operands[operand]
  if (binding?.dtype === dtype && binding !== undefined) return binding
  throw new BackendError('cpu.compile', {
    got: `operand ${operand} of '${label}', which is ${binding?.dtype}, for ${dtype} values`,
    wanted: 'an operand of the kernel, with the dtype of the values',
  })
}
