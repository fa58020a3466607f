import { ByteWriter, unsignedLeb } from './byte-writer.ts'
import {
  type Code,
  type CodeWriter,
  localGet,
  localSet,
  Operation,
  type ValueType,
  valueTypeBytes,
} from './code.ts'
import { simd } from './operations.ts'

/** A variable of a function; as an expression, its value. */
export class Local<T extends ValueType> implements Code<T> {
  readonly type: T
  readonly index: number

  constructor(type: T, index: number) {
    this.type = type
    this.index = index
  }

  write(to: CodeWriter): void {
    to.byte(localGet)
    to.unsigned(this.index)
  }
}

/** Instructions of a function, and the constants that they use. */
class Body extends ByteWriter implements CodeWriter {
  readonly #createLocal: () => number
  readonly #constants = new Map<
    string,
    { readonly local: number; readonly bytes: readonly number[] }
  >()

  constructor(createLocal: () => number) {
    super()
    this.#createLocal = createLocal
  }

  vectorConstant(bytes: readonly number[]): number {
    const key = bytes.join()
    const known = this.#constants.get(key)
    if (known !== undefined) return known.local
    const local = this.#createLocal()
    this.#constants.set(key, { local, bytes })
    return local
  }

  writeConstants(to: ByteWriter): void {
    for (const { local, bytes } of this.#constants.values()) {
      to.bytes(simd(12))
      to.bytes(bytes)
      to.byte(localSet)
      to.unsigned(local)
    }
  }
}

const opcodes = { block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d }
const noValue = 0x40

/**
 * One function of a module. Parameters are declared first, then statements are written in order.
 *
 * @example
 * ```ts no-run
 * const f = new ModuleBuilder().define('sum', 'i32')
 * const from = f.parameter('i32')
 * const total = f.local('i32')
 * f.while(from, () => {
 *   f.set(total, i32.add(total, from))
 *   f.set(from, i32.sub(from, i32.const(1)))
 * })
 * f.result(total)
 * ```
 */
export class FunctionBuilder<R extends ValueType | 'none' = 'none'> {
  readonly name: string
  readonly index: number
  readonly resultType: R
  readonly #parameters: ValueType[] = []
  readonly #locals: ValueType[] = []
  readonly #body: Body

  constructor(name: string, index: number, resultType: R) {
    this.name = name
    this.index = index
    this.resultType = resultType
    this.#body = new Body(() => this.local('v128').index)
  }

  get parameterTypes(): readonly ValueType[] {
    return this.#parameters
  }

  parameter<T extends ValueType>(type: T): Local<T> {
    if (this.#locals.length > 0) throw new Error('parameters are declared before locals')
    return new Local(type, this.#parameters.push(type) - 1)
  }

  /** A variable that is zero, or has a first value. */
  local<T extends ValueType>(type: T, value?: Code<T>): Local<T> {
    const local = new Local(type, this.#parameters.length + this.#locals.push(type) - 1)
    if (value !== undefined) this.set(local, value)
    return local
  }

  set<T extends ValueType>(local: Local<T>, value: Code<T>): void {
    value.write(this.#body)
    this.#body.byte(localSet)
    this.#body.unsigned(local.index)
  }

  /** Statements written by a function, for those who do not know where they go. */
  emit(write: (f: this) => void): void {
    write(this)
  }

  /** A store, a call without result and the like. */
  do(statement: Code<'none'>): void {
    statement.write(this.#body)
  }

  /** The value that the function returns: the last statement. */
  result(value: Code<R & ValueType>): void {
    value.write(this.#body)
  }

  if(condition: Code<'i32'>, then: () => void, otherwise?: () => void): void {
    condition.write(this.#body)
    this.#open(opcodes.if)
    then()
    if (otherwise !== undefined) {
      this.#body.byte(opcodes.else)
      otherwise()
    }
    this.#body.byte(opcodes.end)
  }

  /** Runs `body` once and again as long as the condition that it returns holds. */
  repeat(body: () => Code<'i32'>): void {
    this.#open(opcodes.loop)
    body().write(this.#body)
    this.#body.bytes([opcodes.brIf, 0, opcodes.end])
  }

  while(condition: Code<'i32'>, body: () => void): void {
    this.if(condition, () => {
      this.repeat(() => {
        body()
        return condition
      })
    })
  }

  call(...args: readonly Code<ValueType>[]): Code<R> {
    return new Operation(this.resultType, [0x10], args, unsignedLeb(this.index))
  }

  /** Locals, then instructions, as the code section wants them. */
  write(to: ByteWriter): void {
    to.sized((code) => {
      const runs: { type: ValueType; count: number }[] = []
      for (const type of this.#locals) {
        const last = runs.at(-1)
        if (last?.type === type) last.count++
        else runs.push({ type, count: 1 })
      }
      code.unsigned(runs.length)
      for (const { type, count } of runs) {
        code.unsigned(count)
        code.byte(valueTypeBytes[type])
      }
      this.#body.writeConstants(code)
      code.bytes(this.#body.finish())
      code.byte(opcodes.end)
    })
  }

  #open(opcode: number): void {
    this.#body.byte(opcode)
    this.#body.byte(noValue)
  }
}

/** Breaks off with an error. */
export const unreachable: Code<'none'> = new Operation('none', [0x00], [])

/** Leaves a value unused. */
export function drop(value: Code<ValueType>): Code<'none'> {
  return new Operation('none', [0x1a], [value])
}

/** `memory.fill`: sets `byteLength` bytes to `value`. */
export function fillMemory(
  address: Code<'i32'>,
  value: Code<'i32'>,
  byteLength: Code<'i32'>,
): Code<'none'> {
  return new Operation('none', [0xfc, 11], [address, value, byteLength], [0])
}
