import { checkOption } from '../check-options.ts'

/** @throws ArgumentError for what is not to be added to a variance. */
export function checkEpsilon(op: string, epsilon: number): void {
  checkOption(op, 'epsilon', epsilon, epsilon >= 0, 'a small positive number')
}
