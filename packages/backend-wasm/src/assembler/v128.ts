import { float32Bytes, float64Bytes, int32Bytes, unsignedLeb } from './byte-writer.ts'
import { type Code, Operation, VectorConstant } from './code.ts'
import { i32 } from './i32.ts'
import { binary, load, simd, store, unary } from './operations.ts'

type V128 = Code<'v128'>

const map = (opcode: number) => unary<'v128', 'v128'>(simd(opcode), 'v128')
const zip = (opcode: number) => binary<'v128', 'v128'>(simd(opcode), 'v128')
const test = (opcode: number) => unary<'v128', 'i32'>(simd(opcode), 'i32')
const zip3 =
  (opcode: number) =>
  (a: V128, b: V128, c: V128): V128 =>
    new Operation('v128', simd(opcode), [a, b, c])
const shift =
  (opcode: number) =>
  (a: V128, count: Code<'i32'> | number): V128 => {
    const code = typeof count === 'number' ? i32.const(count) : count
    return new Operation('v128', simd(opcode), [a, code])
  }

const loadLane =
  (opcode: number, alignment: number) =>
  (address: Code<'i32'>, into: V128, lane: number, offset = 0): V128 => {
    const immediates = [alignment, ...unsignedLeb(offset), lane]
    return new Operation('v128', simd(opcode), [address, into], immediates)
  }
const storeLane =
  (opcode: number, alignment: number) =>
  (address: Code<'i32'>, value: V128, lane: number, offset = 0): Code<'none'> => {
    const immediates = [alignment, ...unsignedLeb(offset), lane]
    return new Operation('none', simd(opcode), [address, value], immediates)
  }

/** Instructions on all 128 bits. */
export const v128 = {
  const: (bytes: Iterable<number>): V128 => new VectorConstant(bytes),
  load: load(simd(0), 4, 'v128'),
  load32Splat: load(simd(9), 2, 'v128'),
  load32Zero: load(simd(92), 2, 'v128'),
  load64Zero: load(simd(93), 3, 'v128'),
  load32Lane: loadLane(86, 2),
  store: store<'v128'>(simd(11), 4),
  store8Lane: storeLane(88, 0),
  store32Lane: storeLane(90, 2),
  store64Lane: storeLane(91, 3),
  not: map(77),
  and: zip(78),
  /** `a` where `b` has no bit. */
  andNot: zip(79),
  or: zip(80),
  xor: zip(81),
  /** Bits of `a` where `mask` has them, else of `b`. */
  bitSelect: zip3(82),
}

export const i8x16 = {
  /** Bytes of `a` (0 to 15) and `b` (16 to 31), chosen by 16 numbers. */
  shuffle: (a: V128, b: V128, bytes: readonly number[]): V128 =>
    new Operation('v128', simd(13), [a, b], bytes),
  narrowI16x8U: zip(102),
}

export const i16x8 = {
  narrowI32x4U: zip(134),
  extendLowI8x16U: map(137),
}

export const i32x4 = {
  const: (a: number, b: number, c: number, d: number): V128 => v128.const(int32Bytes(a, b, c, d)),
  constSplat: (value: number): V128 => v128.const(int32Bytes(value, value, value, value)),
  splat: unary<'i32', 'v128'>(simd(17), 'v128'),
  extractLane: (a: V128, lane: number): Code<'i32'> => new Operation('i32', simd(27), [a], [lane]),
  replaceLane: (a: V128, lane: number, value: Code<'i32'>): V128 =>
    new Operation('v128', simd(28), [a, value], [lane]),
  eq: zip(55),
  ne: zip(56),
  ltS: zip(57),
  ltU: zip(58),
  neg: map(161),
  allTrue: test(163),
  bitmask: test(164),
  extendLowI16x8U: map(169),
  shl: shift(171),
  shrS: shift(172),
  shrU: shift(173),
  add: zip(174),
  sub: zip(177),
  mul: zip(181),
  minS: zip(182),
  minU: zip(183),
  maxS: zip(184),
  truncSatF32x4S: map(248),
  truncSatF32x4U: map(249),
  truncSatF64x2SZero: map(252),
}

export const f32x4 = {
  constSplat: (value: number): V128 => v128.const(float32Bytes(value, value, value, value)),
  eq: zip(65),
  ne: zip(66),
  lt: zip(67),
  gt: zip(68),
  le: zip(69),
  floor: map(104),
  trunc: map(105),
  abs: map(224),
  neg: map(225),
  sqrt: map(227),
  add: zip(228),
  sub: zip(229),
  mul: zip(230),
  div: zip(231),
  /** NaN if either is NaN. */
  min: zip(232),
  max: zip(233),
  /** `b < a ? b : a`, which is `a` if either is NaN. */
  pmin: zip(234),
  pmax: zip(235),
  demoteF64x2Zero: map(94),
  convertI32x4S: map(250),
}

export const f64x2 = {
  constSplat: (value: number): V128 => v128.const(float64Bytes(value, value)),
  promoteLowF32x4: map(95),
  convertLowI32x4S: map(254),
  floor: map(117),
  nearest: map(148),
  add: zip(240),
  sub: zip(241),
  mul: zip(242),
  div: zip(243),
  /** Like those of float32. */
  pmin: zip(246),
  pmax: zip(247),
}

/** Instructions of the relaxed SIMD proposal, which not every engine has. */
export const relaxed = {
  /** `a · b + c` with one rounding or two, as the machine likes. */
  maddF32x4: zip3(0x105),
  /** `c − a · b`, the same. */
  nmaddF32x4: zip3(0x106),
  /** Lanes of `a` where `mask` is all ones, of `b` where it is all zeros. */
  laneSelectI32x4: zip3(0x10b),
}
