import type { MatmulProblem } from '../../problems/matmul.ts'
import type { Prepared } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import { array, type JaxModule } from './jax.ts'

export function matmul(jax: JaxModule, problem: MatmulProblem): Prepared {
  const { rows, inner, columns, dtype } = problem
  if (dtype === 'float16' && !hasFloat16(jax)) return { unsupported: 'has no float16' }
  const operandDType = jax.numpy[dtype]
  const a = array(jax, problem.a, [rows, inner]).astype(operandDType)
  const b = array(jax, problem.b, [inner, columns]).astype(operandDType)
  return heldResult(
    jax,
    () => [jax.numpy.matmul(a.ref, b.ref)],
    () => jax.tree.dispose([a, b]),
  )
}

function hasFloat16({ defaultDevice, getWebGPUDevice }: JaxModule): boolean {
  return defaultDevice() === 'webgpu' && getWebGPUDevice().features.has('shader-f16')
}
