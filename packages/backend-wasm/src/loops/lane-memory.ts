import { type Code, i8x16, i16x8, i32, i32x4, v128 } from '../assembler/index.ts'
import { lanes } from '../scalar/halves.ts'
import type { LaneDType } from '../scalar/register.ts'
import type { LocalSource, Vector, VectorLocal } from '../scalar/vector.ts'
import { addConstant } from './index-code.ts'

/** Elements of one part: `count` of them, `step` bytes apart from `address + offset` on. */
export interface LaneAddress {
  readonly address: Code<'i32'>
  readonly offset: number
  readonly step: number
  readonly count: number
}

type Element = (lane: number) => [address: Code<'i32'>, offset: number]

/** Offsets of instructions are unsigned, so negative ones go into the address. */
function elements({ address, offset, step }: LaneAddress): Element {
  return (lane) => {
    const at = offset + lane * step
    return at < 0 ? [addConstant(address, at), 0] : [address, at]
  }
}

/** Loads elements into lanes of 32 bits; lanes beyond `count` hold anything. */
export function loadLanes(dtype: LaneDType, from: LaneAddress): Vector {
  const bytes = dtype === 'float32' || dtype === 'int32' ? loadWords(from) : loadBytes(from)
  return dtype === 'bool' ? i32x4.ne(bytes, i32x4.constSplat(0)) : bytes
}

function loadWords(from: LaneAddress): Vector {
  const { step, count } = from
  const at = elements(from)
  if (step === 0 || count === 1) return v128.load32Splat(...at(0))
  if (step === 4 && count === 4) return v128.load(...at(0))
  if (step === 4) {
    const low = v128.load64Zero(...at(0))
    return count === 2 ? low : load32Into(low, at, 2)
  }
  if (step === -4 && count === 4) {
    const ascending = v128.load(...at(3))
    return i8x16.shuffle(ascending, ascending, lanes(3, 2, 1, 0))
  }
  if (step === 8 && count === 4) {
    // The second vector starts one element early, so that it ends with the last one wanted.
    const [address, offset] = at(0)
    return i8x16.shuffle(
      v128.load(address, offset),
      v128.load(address, offset + 12),
      lanes(0, 2, 5, 7),
    )
  }
  const first = v128.load32Zero(...at(0))
  return [1, 2, 3].slice(0, count - 1).reduce((vector, lane) => load32Into(vector, at, lane), first)
}

function load32Into(vector: Vector, at: Element, lane: number): Vector {
  const [address, offset] = at(lane)
  return v128.load32Lane(address, vector, lane, offset)
}

function loadBytes(from: LaneAddress): Vector {
  const { step, count } = from
  const at = elements(from)
  const byte = (lane: number) => i32.load8U(...at(lane))
  if (step === 0 || count === 1) return i32x4.splat(byte(0))
  if (step === 1 && count === 4) {
    return i32x4.extendLowI16x8U(i16x8.extendLowI8x16U(v128.load32Zero(...at(0))))
  }
  return [1, 2, 3]
    .slice(0, count - 1)
    .reduce((vector, lane) => i32x4.replaceLane(vector, lane, byte(lane)), i32x4.splat(byte(0)))
}

/** Loads the elements at the first `count` of four addresses; lanes beyond hold anything. */
export function loadScattered(dtype: LaneDType, addresses: VectorLocal, count: number): Vector {
  const isWord = dtype === 'float32' || dtype === 'int32'
  const at = (lane: number) => i32x4.extractLane(addresses, lane)
  const first = isWord ? v128.load32Zero(at(0)) : i32x4.splat(i32.load8U(at(0)))
  const value = [1, 2, 3]
    .slice(0, count - 1)
    .reduce<Vector>(
      (vector, lane) =>
        isWord
          ? v128.load32Lane(at(lane), vector, lane)
          : i32x4.replaceLane(vector, lane, i32.load8U(at(lane))),
      first,
    )
  return dtype === 'bool' ? i32x4.ne(value, i32x4.constSplat(0)) : value
}

/** The statements that store the lanes of a value. */
export function storeLanes(
  f: LocalSource,
  dtype: LaneDType,
  value: Vector,
  to: LaneAddress,
): Code<'none'>[] {
  if (dtype === 'float32' || dtype === 'int32') return storeWords(f, value, to)
  const bits = dtype === 'bool' ? v128.and(value, i32x4.constSplat(1)) : value
  return storeBytes(f, bits, to)
}

function storeWords(f: LocalSource, value: Vector, to: LaneAddress): Code<'none'>[] {
  const { step, count } = to
  const at = elements(to)
  const [address, offset] = at(0)
  if (step === 4 && count === 4) return [v128.store(address, value, offset)]
  const kept = f.local('v128', value)
  const one = (lane: number) => {
    const [address, offset] = at(lane)
    return v128.store32Lane(address, kept, lane, offset)
  }
  if (step === 4 && count > 1) {
    const two = v128.store64Lane(address, kept, 0, offset)
    return count === 2 ? [two] : [two, one(2)]
  }
  if (step === -4 && count === 4) {
    const [address, offset] = at(3)
    return [v128.store(address, i8x16.shuffle(kept, kept, lanes(3, 2, 1, 0)), offset)]
  }
  return [0, 1, 2, 3].slice(0, count).map(one)
}

function storeBytes(f: LocalSource, value: Vector, to: LaneAddress): Code<'none'>[] {
  const { step, count } = to
  const at = elements(to)
  const kept = f.local('v128', value)
  const words = i16x8.narrowI32x4U(kept, kept)
  const bytes = f.local('v128', i8x16.narrowI16x8U(words, words))
  const [address, offset] = at(0)
  if (step === 1 && count === 4) return [v128.store32Lane(address, bytes, 0, offset)]
  return [0, 1, 2, 3].slice(0, count).map((lane) => {
    const [address, offset] = at(lane)
    return v128.store8Lane(address, bytes, lane, offset)
  })
}
