import { type Code, type FunctionBuilder, i8x16, type Local, v128 } from '../assembler/index.ts'
import { lanes } from '../scalar/halves.ts'
import type { Vector, VectorLocal } from '../scalar/vector.ts'

interface Place {
  readonly address: Local<'i32'>
  readonly offset: number
}

const lowPairs = lanes(0, 4, 1, 5)
const highPairs = lanes(2, 6, 3, 7)
const lowHalves = lanes(0, 1, 4, 5)
const highHalves = lanes(2, 3, 6, 7)

/**
 * Stores the first lanes of up to four vectors, `count` of each, so that what was in one lane of
 * all vectors comes to lie at one place.
 */
export function storeTransposed(
  f: FunctionBuilder,
  values: readonly VectorLocal[],
  count: number,
  place: (lane: number) => Place,
): void {
  const [a, b = a, c = a, d = c] = values
  if (a === undefined || b === undefined || c === undefined || d === undefined) return
  const make = (value: Vector) => f.local('v128', value)
  const pairs = (order: readonly number[]) =>
    [
      [a, b],
      [c, d],
    ].map(([x = a, y = a]) => make(i8x16.shuffle(x, y, order)))
  const [low = a, lowRest = a] = values.length > 1 ? pairs(lowPairs) : [a]
  const [high = a, highRest = a] = values.length > 1 && count > 2 ? pairs(highPairs) : [a]
  for (let lane = 0; lane < count; lane++) {
    const [first, rest] = lane < 2 ? [low, lowRest] : [high, highRest]
    for (const code of storeLane(values.length, first, rest, lane, a, place(lane))) f.do(code)
  }
}

/** Stores what one lane of so many vectors holds; `first` and `rest` hold two lanes of two each. */
function storeLane(
  rows: number,
  first: VectorLocal,
  rest: VectorLocal,
  lane: number,
  only: VectorLocal,
  { address, offset }: Place,
): Code<'none'>[] {
  const half = lane % 2
  if (rows === 1) return [v128.store32Lane(address, only, lane, offset)]
  if (rows === 4) {
    const order = half === 0 ? lowHalves : highHalves
    return [v128.store(address, i8x16.shuffle(first, rest, order), offset)]
  }
  const two = v128.store64Lane(address, first, half, offset)
  return rows === 2 ? [two] : [two, v128.store32Lane(address, rest, 2 * half, offset + 8)]
}
