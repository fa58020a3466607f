import type { ByteWriter } from './byte-writer.ts'

export const localGet = 0x20
export const localSet = 0x21

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

export const valueTypeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
}

/** The body of a function as it is written. */
export interface CodeWriter extends ByteWriter {
  /** Number of a variable of the function that holds 16 bytes. */
  vectorConstant(bytes: readonly number[]): number
}

/** Instructions that leave one value on the stack, or none. */
export interface Code<T extends ValueType | 'none' = ValueType | 'none'> {
  readonly type: T
  write(to: CodeWriter): void
}

/** An instruction after its operands. */
export class Operation<T extends ValueType | 'none'> implements Code<T> {
  readonly type: T
  readonly #opcode: Iterable<number>
  readonly #operands: readonly Code[]
  readonly #immediates: Iterable<number>

  constructor(
    type: T,
    opcode: Iterable<number>,
    operands: readonly Code[],
    immediates: Iterable<number> = [],
  ) {
    this.type = type
    this.#opcode = opcode
    this.#operands = operands
    this.#immediates = immediates
  }

  write(to: CodeWriter): void {
    for (const operand of this.#operands) operand.write(to)
    to.bytes(this.#opcode)
    to.bytes(this.#immediates)
  }
}

/**
 * A constant of 16 bytes. Engines make a vector anew, in several machine instructions, wherever it
 * is written; so it is written once, where the function begins, and kept in a variable.
 */
export class VectorConstant implements Code<'v128'> {
  readonly type = 'v128'
  readonly #bytes: readonly number[]

  constructor(bytes: Iterable<number>) {
    this.#bytes = [...bytes]
  }

  write(to: CodeWriter): void {
    to.byte(localGet)
    to.unsigned(to.vectorConstant(this.#bytes))
  }
}
