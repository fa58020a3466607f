/**
 * The binary format of WebAssembly, as far as a module with one exported function needs it
 * (core specification, section 5).
 */

export const valueType = { v128: 0x7b, f32: 0x7d, i32: 0x7f } as const
export type ValueType = (typeof valueType)[keyof typeof valueType]

export interface WasmFunction {
  readonly exportName: string
  readonly parameters: readonly ValueType[]
  readonly result: ValueType
  /** Numbered after the parameters. */
  readonly locals: readonly ValueType[]
  /** Instructions without the closing `end`. */
  readonly body: readonly number[]
}

/** The instructions that the benchmarks use; each is the list of its bytes. */
export const wasm = {
  localGet: (index: number) => [0x20, ...leb128(index)],
  localSet: (index: number) => [0x21, ...leb128(index)],
  localTee: (index: number) => [0x22, ...leb128(index)],
  /** Only 0 … 63: the immediate is signed, and larger values need a second byte. */
  i32Const: (value: number) => [0x41, value],
  i32Sub: [0x6b],
  f32Const: (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  f32x4Splat: simd(0x13),
  f32x4ExtractLane: (lane: number) => [...simd(0x1f), lane],
  f32x4Add: simd(0xe4),
  f32x4Mul: simd(0xe6),
  /** `a · b + c`, rounded once where the processor can; of the relaxed-SIMD instructions. */
  f32x4RelaxedMadd: simd(0x105),
  /** Runs `body`, which leaves an i32, again and again until that is 0. */
  loopWhile: (body: readonly number[]) => [0x03, 0x40, ...body, 0x0d, 0x00, 0x0b],
}

/** The bytes of a module that exports one function and needs no memory. */
export function encodeModule(fn: WasmFunction): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...vector(fn.parameters.map((t) => [t])), ...vector([[fn.result]])]
  const locals = vector(fn.locals.map((t) => [1, t]))
  const code = [...locals, ...fn.body, 0x0b]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d],
    ...[0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([type])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...name(fn.exportName), 0x00, 0x00]])),
    ...section(10, vector([[...leb128(code.length), ...code]])),
  ])
}

function simd(opcode: number): number[] {
  return [0xfd, ...leb128(opcode)]
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb128(content.length), ...content]
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb128(items.length), ...items.flat()]
}

function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)]
  return [...leb128(bytes.length), ...bytes]
}

/** An unsigned integer in groups of seven bits, lowest first. */
function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)]
}
