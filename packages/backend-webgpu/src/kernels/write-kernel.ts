import { BackendError, type Kernel, programsOf } from '@tensorweft/core'
import type { DeviceFeatures } from '../device-features.ts'
import type { Bindings } from '../wgsl/arrays.ts'
import { isRead } from '../wgsl/program-text.ts'
import { contractShader, type TileFor } from './contract.ts'
import { customShader } from './custom.ts'
import type { KernelShader } from './kernel-shader.ts'
import { mapShader } from './map.ts'
import { narrowHalves } from './narrow-halves.ts'
import { rowShader } from './row.ts'
import { scanShader } from './scan.ts'
import { scatterShader } from './scatter.ts'
import { sortShader } from './sort.ts'

/**
 * Writes a kernel whose operands lie in the given bindings. The text depends on nothing else but
 * what the device has and how fast it is: not on addresses, which come with each run.
 */
export function writeKernel(
  given: Kernel,
  bindings: Bindings,
  features?: DeviceFeatures,
  tileFor?: TileFor,
): KernelShader {
  checkOperands(given)
  const hasHalves = features?.hasHalves === true
  const kernel = hasHalves ? narrowHalves(given) : given
  switch (kernel.kind) {
    case 'contract':
      return contractShader(kernel, bindings, tileFor, hasHalves)
    case 'scan':
      return scanShader(kernel, bindings)
    case 'sort':
      return sortShader(kernel, bindings)
    case 'scatter':
      return scatterShader(kernel, bindings)
    case 'custom':
      return customShader(kernel, bindings)
    default: {
      const isMap = kernel.stages.every(({ over }) => over === 'outer')
      return isMap
        ? mapShader(kernel, bindings, hasHalves)
        : rowShader(kernel, bindings, subgroupSizeOf(features), hasHalves)
    }
  }
}

/** Invocations of every subgroup; 1 where there are none, or they have no one size. */
function subgroupSizeOf({ subgroups }: Partial<DeviceFeatures> = {}): number {
  return subgroups !== undefined && subgroups.min === subgroups.max ? subgroups.min : 1
}

function checkOperands(kernel: Kernel): void {
  for (const step of programsOf(kernel).flat()) {
    if (!isRead(step)) continue
    const operand = kernel.operands[step.operand]
    if (operand?.dtype === step.dtype) continue
    throw new BackendError('webgpu.compile', {
      got: `a ${step.op} of ${step.dtype} from operand ${step.operand} (${operand?.dtype}) of '${kernel.label}'`,
      wanted: 'the dtype of the operand',
    })
  }
}
