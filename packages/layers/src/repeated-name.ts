/** The first name that was there before, if any. */
export function repeatedName(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) !== i)
}
