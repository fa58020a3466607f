import type { TargetSet } from './target.ts'

/** Whether each case of the set has a small one of its kind. */
export function canBeQuick({ cases, meter }: TargetSet): boolean {
  return meter.quick !== undefined && cases.every(({ quick }) => quick !== undefined)
}

/** The set with its small cases and hardly any repetition: to try it out, with nothing to reach. */
export function quick(set: TargetSet): TargetSet {
  const { meter, cases } = set
  const meterCase = meter.quick ?? meter.case
  return {
    ...set,
    meter: { ...meter, case: meterCase },
    machine: [meterCase],
    cases: cases.map((one) => ({ ...one, case: one.quick ?? one.case, requirements: [] })),
    limits: { warmUpMs: 20, budgetMs: 100, minRounds: 2, maxRounds: 2, maxBurst: 100 },
  }
}

/** Those cases of the set whose name holds one of the parts. */
export function only(set: TargetSet, parts: readonly string[]): TargetSet {
  const isWanted = (name: string) => parts.some((part) => name.includes(part))
  return {
    ...set,
    cases: set.cases.filter((one) => isWanted(one.case)),
    studies: set.studies.filter(isWanted),
  }
}
