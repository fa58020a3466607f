import { unsignedLeb } from './byte-writer.ts'
import { type Code, Operation, type ValueType } from './code.ts'

type I32 = Code<'i32'>

/** Opcode of a SIMD or relaxed SIMD instruction. */
export function simd(opcode: number): readonly number[] {
  return [0xfd, ...unsignedLeb(opcode)]
}

export function unary<A extends ValueType, R extends ValueType>(
  opcode: readonly number[],
  result: R,
): (a: Code<A>) => Code<R> {
  return (a) => new Operation(result, opcode, [a])
}

export function binary<A extends ValueType, R extends ValueType>(
  opcode: readonly number[],
  result: R,
): (a: Code<A>, b: Code<A>) => Code<R> {
  return (a, b) => new Operation(result, opcode, [a, b])
}

/** `alignment` is the exponent of the access size, which is the best a hint can promise. */
export function load<R extends ValueType>(opcode: readonly number[], alignment: number, result: R) {
  return (address: I32, offset = 0): Code<R> =>
    new Operation(result, opcode, [address], [alignment, ...unsignedLeb(offset)])
}

export function store<A extends ValueType>(opcode: readonly number[], alignment: number) {
  return (address: I32, value: Code<A>, offset = 0): Code<'none'> =>
    new Operation('none', opcode, [address, value], [alignment, ...unsignedLeb(offset)])
}
