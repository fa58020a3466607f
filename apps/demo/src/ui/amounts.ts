const plain = new Intl.NumberFormat('en', {
  maximumSignificantDigits: 3,
  minimumSignificantDigits: 2,
})

/** Milliseconds with a unit that suits them. */
export function timeText(elapsedMs: number): string {
  const ms = rounded(elapsedMs)
  if (ms >= 1000) return `${plain.format(ms / 1000)} s`
  return ms >= 0.1 ? `${plain.format(ms)} ms` : `${plain.format(ms * 1000)} µs`
}

/** Bytes in decimal units, as rates of memory are given. */
export function byteText(bytes: number): string {
  return withUnit(bytes, ['B', 'kB', 'MB', 'GB'])
}

/** A count, of thousands (k), millions (M) or billions (G). */
export function countText(count: number): string {
  return withUnit(count, ['', 'k', 'M', 'G'])
}

function withUnit(amount: number, units: readonly string[]): string {
  const value = rounded(amount)
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1)
  const text = power === 0 ? String(Math.round(value)) : plain.format(value / 1000 ** power)
  return `${text} ${units[power]}`.trim()
}

/** As it will be shown: 999.7 is a thousand, which suits the next unit. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
