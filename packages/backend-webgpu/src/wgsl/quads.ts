import { type IndexData, type RangeData, sizeOf, stridesOf } from '@tensorweft/core'
import { splitLines } from './counters.ts'
import { type Counters, indexText } from './index-text.ts'

/**
 * Runs of points that one invocation takes four at a time: the last axes of a group, walked as one.
 * The counter `quad` numbers the fours of a run.
 */
export interface Quads {
  /** Numbers of the axes, outermost first. */
  readonly axes: readonly number[]
  /** Points of a run; no multiple of four only where the run is all there is. */
  readonly points: number
}

/**
 * How an index moves over the points of a four: not at all, through four neighbours that start at
 * a multiple of four, or in some other way.
 */
export type Movement = 'still' | 'neighbours' | 'free'

/** The shortest runs of last axes that fall into fours; `accepts` has the last word. */
export function quadsOf(
  axes: readonly number[],
  sizes: readonly number[],
  accepts: (quads: Quads) => boolean,
): Quads | undefined {
  for (let start = axes.length - 1; start >= 0; start--) {
    const run = axes.slice(start)
    const points = sizeOf(run.map((axis) => sizes[axis] ?? 1))
    const quads = { axes: run, points }
    if (points % 4 === 0 && points > 0 && accepts(quads)) return quads
  }
  return undefined
}

export function movementOf(index: IndexData, sizes: readonly number[], { axes }: Quads): Movement {
  if (isStill(index, sizes, axes)) return 'still'
  const { terms, digits, constant } = index
  const coefficients = new Map<number, number>()
  for (const { axis, coefficient } of terms) {
    coefficients.set(axis, (coefficients.get(axis) ?? 0) + coefficient)
  }
  const strides = stridesOf(axes.map((axis) => sizes[axis] ?? 1))
  const isRun = axes.every(
    (axis, k) => isSingle(axis, sizes) || (coefficients.get(axis) ?? 0) === strides[k],
  )
  const isAligned = [...coefficients].every(
    ([axis, coefficient]) => axes.includes(axis) || isSingle(axis, sizes) || coefficient % 4 === 0,
  )
  const areDigitsAligned = digits.every(
    ({ of, coefficient }) => coefficient % 4 === 0 && isStill(of, sizes, axes),
  )
  return isRun && isAligned && areDigitsAligned && constant % 4 === 0 ? 'neighbours' : 'free'
}

/** Whether a condition is the same at all points of a four: it changes between fours, if at all. */
export function isConditionStill(
  within: readonly RangeData[],
  sizes: readonly number[],
  quads: Quads,
): boolean {
  return within.every(({ index, low, high }) => {
    const movement = movementOf(index, sizes, quads)
    const isAligned = low % 4 === 0 && high % 4 === 0
    return movement === 'still' || (movement === 'neighbours' && isAligned)
  })
}

function isStill(index: IndexData, sizes: readonly number[], axes: readonly number[]): boolean {
  const isOver = (axis: number) => axes.includes(axis) && !isSingle(axis, sizes)
  return (
    index.terms.every(({ axis, coefficient }) => coefficient === 0 || !isOver(axis)) &&
    index.digits.every(({ of }) => isStill(of, sizes, axes))
  )
}

function isSingle(axis: number, sizes: readonly number[]): boolean {
  return (sizes[axis] ?? 1) <= 1
}

/** A quarter of an index that moves through neighbours, as an i32 expression. */
export function quarterText(index: IndexData, counters: Counters, { axes, points }: Quads): string {
  const { sizes, text } = counters
  const quad = sizes.length
  const others = index.terms.filter(({ axis }) => !axes.includes(axis) && !isSingle(axis, sizes))
  const quarter = {
    constant: index.constant / 4,
    terms: [
      ...others.map((term) => ({ ...term, coefficient: term.coefficient / 4 })),
      { axis: quad, coefficient: 1 },
    ],
    digits: index.digits.map((digit) => ({ ...digit, coefficient: digit.coefficient / 4 })),
  }
  return indexText(quarter, {
    sizes: [...sizes, Math.ceil(points / 4)],
    text: (axis) => (axis === quad ? 'quad' : text(axis)),
  })
}

/** Statements that split the number of a four over the other axes of its group and `quad`. */
export function splitQuadLines(
  flat: string,
  group: readonly number[],
  sizes: readonly number[],
  { axes, points }: Quads,
): string[] {
  const quad = sizes.length
  const others = group.filter((axis) => !axes.includes(axis))
  const fours = Math.ceil(points / 4)
  const lines = splitLines(flat, [...others, quad], [...sizes, fours], (axis) =>
    axis === quad ? 'quad' : `i${axis}`,
  )
  return fours > 1 ? lines : [...lines, 'let quad = 0;']
}

/** Statements that define the counters of the four points of a four, for `pointCounters`. */
export function pointCounterLines(sizes: readonly number[], { axes }: Quads): string[] {
  return [0, 1, 2, 3].flatMap((k) =>
    splitLines(`(4u * u32(quad) + ${k}u)`, axes, sizes, (axis) => `i${axis}_${k}`),
  )
}

/** The counters at point number `k` of a four. */
export function pointCounters(counters: Counters, { axes }: Quads, k: number): Counters {
  return {
    sizes: counters.sizes,
    text: (axis) => (axes.includes(axis) ? `i${axis}_${k}` : counters.text(axis)),
  }
}
