import {
  type Code,
  type FunctionBuilder,
  i32,
  i64,
  type ModuleBuilder,
} from '../assembler/index.ts'

/** A key and its position: the position in the low half, so that pairs differ and order by both. */
const pairBytes = 8

/** Pairs that are sorted by insertion before runs of them are merged. */
const shortRun = 8 * pairBytes

/** Bytes that a sort of `length` keys works in. */
export function sortBytes(length: number): number {
  return 2 * pairBytes * length
}

/** Where the int32 keys of a sort are expected in its working memory. */
export function keysOffset(length: number): number {
  return pairBytes * length
}

/**
 * The functions of a module that sort, made when they are first used. They are small and called
 * often: engines replace code by a faster version when a function is next called.
 */
export class SortFunctions {
  readonly #module: ModuleBuilder
  #made: FunctionBuilder<'i32'> | undefined

  constructor(module: ModuleBuilder) {
    this.#module = module
  }

  /**
   * Sorts 1 or more keys stably, in the working memory at an address, and gives the address of
   * their positions in order.
   */
  call(work: Code<'i32'>, length: number): Code<'i32'> {
    this.#made ??= defineSort(this.#module)
    return this.#made.call(work, i32.const(length))
  }
}

const pairAfter = (address: Code<'i32'>) => i32.add(address, i32.const(pairBytes))

const lesser = (a: Code<'i32'>, b: Code<'i32'>) => i32.select(a, b, i32.ltU(a, b))

/** `sort(work, length)`: pairs first, then runs that double in length from half to half and back. */
function defineSort(module: ModuleBuilder): FunctionBuilder<'i32'> {
  const [insert, merge] = [defineInsert(module), defineMerge(module)]
  const f = module.define('sort', 'i32')
  const [work, length] = [f.parameter('i32'), f.parameter('i32')]
  const bytes = f.local('i32', i32.mul(length, i32.const(pairBytes)))
  const from = f.local('i32', work)
  const to = f.local('i32', i32.add(work, bytes))
  makePairs(f, from, to, length)
  const start = f.local('i32')
  f.repeat(() => {
    const end = lesser(f.local('i32', i32.add(start, i32.const(shortRun))), bytes)
    const stop = f.local('i32', end)
    f.do(insert.call(i32.add(from, start), i32.add(from, stop)))
    f.set(start, stop)
    return i32.ltU(start, bytes)
  })
  const width = f.local('i32', i32.const(shortRun))
  f.while(i32.ltU(width, bytes), () => {
    f.set(start, i32.const(0))
    f.repeat(() => {
      const middle = f.local('i32', lesser(f.local('i32', i32.add(start, width)), bytes))
      const end = f.local('i32', lesser(f.local('i32', i32.add(middle, width)), bytes))
      const at = (offset: Code<'i32'>) => i32.add(from, offset)
      f.do(merge.call(at(start), at(middle), at(end), i32.add(to, start)))
      f.set(start, end)
      return i32.ltU(start, bytes)
    })
    const done = f.local('i32', from)
    f.set(from, to)
    f.set(to, done)
    f.set(width, i32.shl(width, i32.const(1)))
  })
  keepPositions(f, from, to, length)
  f.result(to)
  return f
}

/** Pairs from keys. */
function makePairs(
  f: FunctionBuilder<'i32'>,
  pairs: Code<'i32'>,
  keys: Code<'i32'>,
  length: Code<'i32'>,
): void {
  const [pair, key] = [f.local('i32', pairs), f.local('i32', keys)]
  const position = f.local('i32')
  f.repeat(() => {
    f.do(i32.store(pair, position))
    f.do(i32.store(pair, i32.load(key), 4))
    f.set(pair, pairAfter(pair))
    f.set(key, i32.add(key, i32.const(4)))
    f.set(position, i32.add(position, i32.const(1)))
    return i32.ltU(position, length)
  })
}

/** Positions from pairs. */
function keepPositions(
  f: FunctionBuilder<'i32'>,
  pairs: Code<'i32'>,
  positions: Code<'i32'>,
  length: Code<'i32'>,
): void {
  const [pair, position] = [f.local('i32', pairs), f.local('i32', positions)]
  const end = f.local('i32', i32.add(positions, i32.mul(length, i32.const(4))))
  f.repeat(() => {
    f.do(i32.store(position, i32.load(pair)))
    f.set(pair, pairAfter(pair))
    f.set(position, i32.add(position, i32.const(4)))
    return i32.ltU(position, end)
  })
}

/** `insert(start, end)`: sorts the pairs from `start` to before `end` in place. */
function defineInsert(module: ModuleBuilder): FunctionBuilder {
  const f = module.define('sort short run')
  const [start, end] = [f.parameter('i32'), f.parameter('i32')]
  const next = f.local('i32', pairAfter(start))
  f.while(i32.ltU(next, end), () => {
    const pair = f.local('i64', i64.load(next))
    const place = f.local('i32', next)
    const isMoving = f.local('i32')
    f.repeat(() => {
      f.set(isMoving, i32.const(0))
      f.if(i32.gtU(place, start), () => {
        const before = f.local('i32', i32.sub(place, i32.const(pairBytes)))
        const other = f.local('i64', i64.load(before))
        f.if(i64.gtS(other, pair), () => {
          f.do(i64.store(place, other))
          f.set(place, before)
          f.set(isMoving, i32.const(1))
        })
      })
      return isMoving
    })
    f.do(i64.store(place, pair))
    f.set(next, pairAfter(next))
  })
  return f
}

/** `merge(start, middle, end, to)`: merges the pairs before `middle` with those from it on. */
function defineMerge(module: ModuleBuilder): FunctionBuilder {
  const f = module.define('merge')
  const [left, middle] = [f.parameter('i32'), f.parameter('i32')]
  const [end, to] = [f.parameter('i32'), f.parameter('i32')]
  const right = f.local('i32', middle)
  f.while(i32.and(i32.ltU(left, middle), i32.ltU(right, end)), () => {
    const a = f.local('i64', i64.load(left))
    const b = f.local('i64', i64.load(right))
    // Without a branch: which side comes next is anyone's guess.
    const isRight = f.local('i32', i64.gtS(a, b))
    f.do(i64.store(to, i64.select(b, a, isRight)))
    const moved = f.local('i32', i32.mul(isRight, i32.const(pairBytes)))
    f.set(right, i32.add(right, moved))
    f.set(left, i32.add(left, i32.sub(i32.const(pairBytes), moved)))
    f.set(to, pairAfter(to))
  })
  for (const [rest, stop] of [
    [left, middle],
    [right, end],
  ] as const) {
    f.while(i32.ltU(rest, stop), () => {
      f.do(i64.store(to, i64.load(rest)))
      f.set(rest, pairAfter(rest))
      f.set(to, pairAfter(to))
    })
  }
  return f
}
