import { arithmetic } from './arithmetic.ts'
import { casts } from './casts.ts'
import { exponentials } from './exponentials.ts'
import { halves } from './halves.ts'
import { logarithms } from './logarithms.ts'
import { sortKeys } from './sort-keys.ts'
import { trigonometry } from './trigonometry.ts'
import type { WgslFunction } from './wgsl-function.ts'

const library: ReadonlyMap<string, WgslFunction> = new Map(
  [arithmetic, casts, exponentials, logarithms, sortKeys, trigonometry].flatMap((part) =>
    Object.entries(part),
  ),
)

/**
 * The texts of functions of the library and of all that they call, callees first; `hasHalves` says
 * whether f16 is a type.
 */
export function functionTexts(names: Iterable<string>, hasHalves: boolean): string[] {
  const texts = new Map<string, string>()
  const add = (name: string) => {
    if (texts.has(name)) return
    const known = (hasHalves ? halves[name] : undefined) ?? library.get(name)
    if (known === undefined) throw new Error(`no WGSL function '${name}'`)
    known.calls.forEach(add)
    texts.set(name, known.text)
  }
  for (const name of names) add(name)
  return [...texts.values()]
}
