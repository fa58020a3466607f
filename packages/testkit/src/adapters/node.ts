import { after, describe, test } from 'node:test'
import { type BackendFactory, type ConformanceOptions, conformanceSuite } from '@tensorweft/testkit'

/**
 * Registers the conformance suite with the runner of Node.js, a test for each case. What the backend is known not
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
    after(() => suite.dispose())
  })
}
