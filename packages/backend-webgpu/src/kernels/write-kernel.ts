import { BackendError, type Kernel } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { programsOf } from '../wgsl/params.ts'
import { contractShader } from './contract.ts'
import type { KernelShader } from './kernel-shader.ts'
import { mapShader } from './map.ts'
import { rowShader } from './row.ts'

/**
 * Writes a kernel whose operands lie in the given bindings. The text depends on nothing else: not
 * on addresses, which come with each run.
 */
export function writeKernel(kernel: Kernel, bindings: Bindings): KernelShader {
  checkOperands(kernel)
  if (kernel.kind === 'contract') return contractShader(kernel, bindings)
  const isMap = kernel.stages.every(({ over }) => over === 'outer')
  return isMap ? mapShader(kernel, bindings) : rowShader(kernel, bindings)
}

function checkOperands(kernel: Kernel): void {
  for (const step of programsOf(kernel).flat()) {
    if (step.op !== 'load') continue
    const operand = kernel.operands[step.operand]
    if (operand?.dtype === step.dtype) continue
    throw new BackendError('webgpu.compile', {
      got: `a load of ${step.dtype} from operand ${step.operand} (${operand?.dtype}) of '${kernel.label}'`,
      wanted: 'loads of the dtype of the operand',
    })
  }
}
