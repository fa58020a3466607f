import { arenaAlignment } from '../ir/plan.ts'

/** A scratch array with the steps between which it must keep its content, both inclusive. */
export interface Lifetime {
  readonly byteLength: number
  readonly first: number
  readonly last: number
}

export interface ArenaLayout {
  /** Offset of each lifetime, in the order given. */
  readonly byteOffsets: readonly number[]
  readonly byteLength: number
}

interface Placed {
  readonly lifetime: Lifetime
  readonly start: number
  readonly end: number
}

/** Places arrays by size, largest first, each at the lowest offset that is free while it lives. */
export function layOutArena(lifetimes: readonly Lifetime[]): ArenaLayout {
  const byteOffsets = new Array<number>(lifetimes.length).fill(0)
  const placed: Placed[] = []
  const bySize = lifetimes
    .map((lifetime, i) => ({ lifetime, i }))
    .sort((a, b) => b.lifetime.byteLength - a.lifetime.byteLength || a.i - b.i)
  for (const { lifetime, i } of bySize) {
    const byteLength = Math.ceil(lifetime.byteLength / arenaAlignment) * arenaAlignment
    const start = lowestGap(placed, lifetime, byteLength)
    placed.push({ lifetime, start, end: start + byteLength })
    byteOffsets[i] = start
  }
  return { byteOffsets, byteLength: placed.reduce((end, array) => Math.max(end, array.end), 0) }
}

function lowestGap(placed: readonly Placed[], lifetime: Lifetime, byteLength: number): number {
  const alive = placed
    .filter(({ lifetime: other }) => other.first <= lifetime.last && lifetime.first <= other.last)
    .sort((a, b) => a.start - b.start)
  let start = 0
  for (const array of alive) {
    if (array.start - start >= byteLength) return start
    start = Math.max(start, array.end)
  }
  return start
}
