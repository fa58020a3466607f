import { type BackendFactory, type ConformanceOptions, conformanceSuite } from '@tensorweft/testkit'
import { afterAll, describe, test } from 'vitest'

/**
 * Registers the conformance suite with vitest, a test for each case. What the backend is known not
 * to do stays visible, with its reason in the test's name.
 *
 * @example
 * ```ts no-run
 * describeConformance('cpu', () => cpu())
 * ```
 */
export function describeConformance(
  name: string,
  create: BackendFactory,
  options: ConformanceOptions = {},
): void {
  describe(`${name} conforms`, () => {
    const suite = conformanceSuite(create, options)
    for (const { name: title, skip, run } of suite.cases) {
      test(skip === undefined ? title : `${title} (cannot: ${skip})`, run)
    }
    afterAll(() => suite.dispose())
  })
}
