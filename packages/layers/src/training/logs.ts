import { checkOption } from '@tensorweft/core'

/** Means over an epoch by name: `loss`, the metrics, and with validation `valLoss` and so on. */
export type Logs = Readonly<Record<string, number>>

/** The name of a value over the validation data: `valLoss` for `loss`. */
export type ValidationName<Name extends string> = `val${Capitalize<Name>}`

/** Loss and metrics by name. */
export type EvaluationLogs<M extends string> = Readonly<Record<'loss' | M, number>>

/** Loss and metrics by name, a number per epoch; those of the validation where there is one. */
export type History<M extends string> = Record<'loss' | M, number[]> &
  Partial<Record<ValidationName<'loss' | M>, number[]>>

export function validationName<Name extends string>(name: Name): ValidationName<Name> {
  return `val${name.charAt(0).toUpperCase()}${name.slice(1)}` as ValidationName<Name>
}

/** The logs of a validation under their names. */
export function asValidation(logs: Logs): Logs {
  return Object.fromEntries(
    Object.entries(logs).map(([name, value]) => [validationName(name), value]),
  )
}

/** @throws ArgumentError for metrics whose names are taken. */
export function checkMetricNames(op: string, metrics: readonly string[]): void {
  const taken = ['loss', ...['loss', ...metrics].map(validationName)]
  const wrong = metrics.find((name) => taken.includes(name) || name === '')
  checkOption(op, 'a metric with the name', wrong, [
    'a name beside loss and those of the validation',
    () => wrong === undefined,
  ])
}
