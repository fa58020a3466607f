import { BackendError, type IndexData, type RangeData } from '@tensorweft/core'

/** The counters of a kernel's axes where an index is used: their texts (i32) and sizes. */
export interface Counters {
  readonly sizes: readonly number[]
  /** Text of the counter of an axis, which lies in `[0, size)`. */
  text(axis: number): string
}

export interface Bounds {
  readonly min: number
  readonly max: number
}

/** Smallest and largest value of an index by interval arithmetic. */
export function boundsOf(index: IndexData, sizes: readonly number[]): Bounds {
  let min = index.constant
  let max = index.constant
  const add = (coefficient: number, bounds: Bounds) => {
    min += coefficient * (coefficient > 0 ? bounds.min : bounds.max)
    max += coefficient * (coefficient > 0 ? bounds.max : bounds.min)
  }
  for (const { axis, coefficient } of index.terms) {
    add(coefficient, { min: 0, max: Math.max((sizes[axis] ?? 1) - 1, 0) })
  }
  for (const { of, divisor, modulus, coefficient } of index.digits) {
    add(coefficient, digitBounds(boundsOf(of, sizes), divisor, modulus))
  }
  return { min, max }
}

function digitBounds({ min, max }: Bounds, divisor: number, modulus: number): Bounds {
  const low = Math.floor(min / divisor)
  const high = Math.floor(max / divisor)
  if (modulus === 0) return { min: low, max: high }
  const isOnePeriod = Math.floor(low / modulus) === Math.floor(high / modulus)
  if (!isOnePeriod) return { min: 0, max: modulus - 1 }
  const start = modulus * Math.floor(low / modulus)
  return { min: low - start, max: high - start }
}

/** An index as an i32 expression. Throws BackendError where it may leave 32 bits. */
export function indexText(index: IndexData, counters: Counters): string {
  const { min, max } = boundsOf(index, counters.sizes)
  if (min < -(2 ** 31) || max >= 2 ** 31) {
    throw new BackendError('webgpu.compile', {
      got: `an index that runs from ${min} to ${max}`,
      wanted: 'indices of 32 bits',
      hint: 'split the tensor into several smaller ones',
    })
  }
  const terms = index.terms
    .filter(({ axis }) => (counters.sizes[axis] ?? 1) > 1)
    .map(({ axis, coefficient }) => scaled(coefficient, counters.text(axis)))
  const digits = index.digits.map(({ of, divisor, modulus, coefficient }) =>
    scaled(coefficient, digitText(of, divisor, modulus, counters)),
  )
  const parts = [...terms, ...digits]
  if (index.constant !== 0 || parts.length === 0) parts.push(`${wrap(index.constant)}`)
  return parts.join(' + ').replaceAll('+ -', '- ')
}

/** Division in WGSL truncates: a negative dividend is first moved up by whole periods. */
function digitText(of: IndexData, divisor: number, modulus: number, counters: Counters): string {
  const { min, max } = boundsOf(of, counters.sizes)
  const period = modulus === 0 ? divisor : divisor * modulus
  const periods = min < 0 ? Math.ceil(-min / period) : 0
  if (max + periods * period >= 2 ** 31) {
    throw new BackendError('webgpu.compile', {
      got: `an index that runs from ${min} to ${max}, divided by ${divisor}`,
      wanted: 'indices of 32 bits',
      hint: 'split the tensor into several smaller ones',
    })
  }
  const lifted = { ...of, constant: of.constant + periods * period }
  const dividend = `(${indexText(lifted, counters)})`
  const quotient = divisor === 1 ? dividend : `${dividend} / ${divisor}`
  if (modulus !== 0) return `(${quotient}) % ${modulus}`
  return periods === 0 ? quotient : `(${quotient} - ${periods})`
}

function scaled(coefficient: number, text: string): string {
  return coefficient === 1 ? text : `${wrap(coefficient)} * (${text})`
}

/** Sums of 32 bits wrap, so only the lowest bits of a part matter where the whole fits. */
function wrap(value: number): number {
  return Number(BigInt.asIntN(32, BigInt(value)))
}

/** The condition that all ranges hold, without what the bounds imply; `true` if nothing is left. */
export function withinText(within: readonly RangeData[], counters: Counters): string {
  const parts: string[] = []
  for (const { index, low, high } of within) {
    const { min, max } = boundsOf(index, counters.sizes)
    if (low > max || high <= min) return 'false'
    const text = indexText(index, counters)
    if (low > min) parts.push(`(${text} >= ${low})`)
    if (high <= max) parts.push(`(${text} < ${high})`)
  }
  return parts.length === 0 ? 'true' : parts.join(' & ')
}
