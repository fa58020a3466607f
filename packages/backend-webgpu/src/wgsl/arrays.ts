import type { Kernel } from '@tensorweft/core'
import { type ValueDType, valueDType } from './value-type.ts'

/**
 * Which binding each operand of a kernel lies in. WGSL binds a buffer once per dispatch and under
 * one element type, so bindings are arrays of words and values are reinterpreted.
 */
export type Bindings = readonly number[]

/**
 * Loads and stores of a kernel's operands as text. `shared` names the operands of bytes that
 * several invocations may write in the same word: their bindings are atomic.
 */
export class Arrays {
  readonly #dtypes: readonly ValueDType[]
  readonly #bindings: Bindings
  readonly #atomic: ReadonlySet<number>
  readonly #byteStores = new Set<number>()

  constructor(kernel: Kernel, bindings: Bindings, shared: Iterable<number>) {
    this.#dtypes = kernel.operands.map(({ dtype }) => valueDType(dtype))
    this.#bindings = bindings
    this.#atomic = new Set([...shared].map((operand) => this.#binding(operand)))
  }

  /** The element at `index`, an i32 expression, as a value of the operand's dtype. */
  load(operand: number, index: string): string {
    const word = (at: string) => this.#word(operand, at)
    switch (this.#dtypes[operand]) {
      case 'int32':
        return `bitcast<i32>(${word(`u32(${index})`)})`
      case 'uint8':
        return byteOf(word(`(u32(${index}) >> 2u)`), index)
      case 'bool':
        return `(${byteOf(word(`(u32(${index}) >> 2u)`), index)} != 0u)`
      default:
        return `bitcast<f32>(${word(`u32(${index})`)})`
    }
  }

  /** The statement that stores a value of the operand's dtype at `index`. */
  store(operand: number, index: string, value: string): string {
    const bits = this.bits(operand, value)
    const dtype = this.#dtypes[operand]
    if (dtype !== 'uint8' && dtype !== 'bool') {
      return this.storeWord(operand, `u32(${index})`, bits)
    }
    const binding = this.#binding(operand)
    this.#byteStores.add(binding)
    return `store_byte${binding}(params.base${operand}, u32(${index}), ${bits});`
  }

  /** A value of the operand's dtype as a u32. */
  bits(operand: number, value: string): string {
    switch (this.#dtypes[operand]) {
      case 'uint8':
        return value
      case 'bool':
        return `select(0u, 1u, ${value})`
      default:
        return `bitcast<u32>(${value})`
    }
  }

  /** The statement that stores word number `at` of an operand. */
  storeWord(operand: number, at: string, bits: string): string {
    const place = this.#place(operand, at)
    return this.#isAtomic(operand) ? `atomicStore(&${place}, ${bits});` : `${place} = ${bits};`
  }

  /** Word number `at` of an operand. */
  loadWord(operand: number, at: string): string {
    return this.#word(operand, at)
  }

  /** Declarations of the bindings and of the functions that store bytes. */
  declarations(): string[] {
    const count = Math.max(0, ...this.#bindings.map((binding) => binding + 1))
    const bindings = Array.from({ length: count }, (_, binding) => {
      const type = this.#atomic.has(binding) ? 'atomic<u32>' : 'u32'
      const place = `@group(0) @binding(${binding + 1})`
      return `${place} var<storage, read_write> words${binding}: array<${type}>;`
    })
    return [bindings.join('\n'), ...[...this.#byteStores].map(storeByteText)]
  }

  #binding(operand: number): number {
    const binding = this.#bindings[operand]
    if (binding === undefined) throw new Error(`no binding for operand ${operand}`)
    return binding
  }

  #isAtomic(operand: number): boolean {
    return this.#atomic.has(this.#binding(operand))
  }

  #place(operand: number, at: string): string {
    return `words${this.#binding(operand)}[params.base${operand} + ${at}]`
  }

  #word(operand: number, at: string): string {
    const place = this.#place(operand, at)
    return this.#isAtomic(operand) ? `atomicLoad(&${place})` : place
  }
}

function byteOf(word: string, index: string): string {
  return `((${word} >> ((u32(${index}) & 3u) * 8u)) & 255u)`
}

/** Clears and sets one byte; those beside it may be written at the same time. */
function storeByteText(binding: number): string {
  return `
fn store_byte${binding}(base: u32, index: u32, value: u32) {
  let word = base + (index >> 2u);
  let shift = (index & 3u) * 8u;
  atomicAnd(&words${binding}[word], ~(255u << shift));
  atomicOr(&words${binding}[word], value << shift);
}`.trim()
}
