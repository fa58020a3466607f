/** Text from which plain data can be told exactly, −0 and NaN included. */
export function attributeText(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  if (Array.isArray(value)) return `[${value.map(attributeText).join()}]`
  const entries = Object.entries(value).map(([name, item]) => `${name}:${attributeText(item)}`)
  return `{${entries.join()}}`
}

/** Whether a value is plain data, which has such a text. */
export function isPlainData(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null) return true
  const isList = Array.isArray(value)
  const isPlain = isList || Object.getPrototypeOf(value) === Object.prototype
  return isPlain && Object.values(value).every(isPlainData)
}
