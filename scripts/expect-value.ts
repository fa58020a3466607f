// What `await x.array() // [1, 2]` in an example becomes when the documentation is checked.

const toPlain = (value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(Object.values(value)) : value

const isClose = (actual: unknown, expected: unknown): boolean => {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.length === expected.length && actual.every((a, i) => isClose(a, expected[i]))
  }
  if (typeof actual === 'number' && typeof expected === 'number') {
    return Math.abs(actual - expected) <= 1e-3 * Math.max(1, Math.abs(expected))
  }
  return actual === expected
}

/** Throws where the value differs from the printed one by more than rounding to three digits. */
export function expectValue(actual: unknown, expected: unknown) {
  if (isClose(toPlain(actual), expected)) return
  throw new Error(
    `The example gives ${JSON.stringify(toPlain(actual))}, not ${JSON.stringify(expected)}.`,
  )
}
