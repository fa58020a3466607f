import type { Counters } from './index-text.ts'

/** Names of the counters of all axes of a kernel: `i0`, `i1`, … */
export function axisCounters(sizes: readonly number[], prefix = 'i'): Counters {
  return { sizes, text: (axis) => `${prefix}${axis}` }
}

/**
 * Statements that split a flat number (u32) over some axes, the last one fastest, into a counter
 * for each axis with more than one point.
 */
export function splitLines(
  flat: string,
  axes: readonly number[],
  sizes: readonly number[],
  name: (axis: number) => string,
): string[] {
  const real = axes.filter((axis) => (sizes[axis] ?? 1) > 1)
  let stride = 1
  const lines: string[] = []
  for (const [k, axis] of [...real].reverse().entries()) {
    const size = sizes[axis] ?? 1
    const quotient = stride === 1 ? flat : `${flat} / ${stride}u`
    const isOutermost = k === real.length - 1
    const counter = isOutermost ? quotient : `(${quotient}) % ${size}u`
    lines.unshift(`let ${name(axis)} = i32(${counter});`)
    stride *= size
  }
  return lines
}
