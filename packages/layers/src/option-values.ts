import { checkOption } from '@tensorweft/core'

export function isPositiveInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

export function isPairOf(isPart: (part: number) => boolean, value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isPart)
}

/** What an option names. Throws ArgumentError in the name of `op` for other names. */
export function lookUp<Name extends string, T>(
  op: string,
  option: string,
  name: Name,
  byName: Readonly<Record<Name, T>>,
): T {
  const names = Object.keys(byName)
  const wanted = `one of ${names.join(', ')}, or a function`
  checkOption(op, option, name, [wanted, () => names.includes(name)])
  return byName[name]
}
