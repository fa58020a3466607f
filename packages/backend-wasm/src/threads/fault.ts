import { BackendError, TensorweftError } from '@tensorweft/core'

/** What ended a run, as an error of the framework. */
export function faultOf(cause: unknown): TensorweftError {
  if (cause instanceof TensorweftError) return cause
  const what = cause instanceof Error ? cause.message : String(cause)
  return new BackendError('wasm.run', {
    got: `a plan that broke off: ${what}`,
    hint: 'what it was computing is lost, everything else is there',
    cause,
  })
}
