import type { GoldenCase, GoldenFamily } from './golden-case.ts'
import { parseGoldens } from './parse-goldens.ts'

/**
 * Loads a file of reference values that comes with this package, as a JSON module.
 *
 * @example
 * ```ts
 * const cases = await loadGoldens('linalg')
 * console.log(cases.length) // 43
 * ```
 */
export async function loadGoldens(family: GoldenFamily): Promise<GoldenCase[]> {
  const file: { readonly default: unknown } = await import(`../../goldens/${family}.json`, {
    with: { type: 'json' },
  })
  return parseGoldens(file.default)
}
