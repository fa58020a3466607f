import * as core from '@tensorweft/core'
import { opChecks } from '../conformance/cases/ops.ts'
import { inputsOf } from '../conformance/check-op.ts'

/** The calls of an op of core that the conformance suite makes, as far as the backend has dtypes. */
export function sampleCallsOf(
  op: object,
  { capabilities }: core.Backend,
): (() => core.AnyTensor)[] {
  const [name = ''] = Object.entries(core).find(([, value]) => value === op) ?? []
  const has = (dtype: core.DType = 'float32') => capabilities.dtypes.includes(dtype)
  const checks = opChecks.get(name) ?? []
  return checks
    .filter(({ inputs }) => inputs.every(({ dtype }) => has(dtype)))
    .map((check) => () => check.apply(inputsOf(check, 'float32')))
}
