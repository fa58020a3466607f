import { arithmetic } from './arithmetic.ts'
import { casts } from './casts.ts'
import { exponentials } from './exponentials.ts'
import { logarithms } from './logarithms.ts'
import { sortKeys } from './sort-keys.ts'
import { trigonometry } from './trigonometry.ts'
import type { WgslFunction } from './wgsl-function.ts'

const library: ReadonlyMap<string, WgslFunction> = new Map(
  [arithmetic, casts, exponentials, logarithms, sortKeys, trigonometry].flatMap((part) =>
    Object.entries(part),
  ),
)

/** The texts of functions of the library and of all that they call, callees first. */
export function functionTexts(names: Iterable<string>): string[] {
  const texts = new Map<string, string>()
  const add = (name: string) => {
    if (texts.has(name)) return
    const known = library.get(name)
    if (known === undefined) throw new Error(`no WGSL function '${name}'`)
    known.calls.forEach(add)
    texts.set(name, known.text)
  }
  for (const name of names) add(name)
  return [...texts.values()]
}
