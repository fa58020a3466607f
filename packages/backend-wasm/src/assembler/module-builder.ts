import { ByteWriter } from './byte-writer.ts'
import { type ValueType, valueTypeBytes } from './code.ts'
import { FunctionBuilder } from './function-builder.ts'

const sections = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 }
const functionKind = 0x00
const memoryKind = 0x02
const functionType = 0x60

interface Limits {
  readonly minimum: number
  readonly maximum?: number
  /** Between threads; needs a maximum. */
  readonly isShared?: boolean
}

/** A module: functions over one imported memory. */
export class ModuleBuilder {
  readonly #functions: FunctionBuilder<ValueType | 'none'>[] = []
  readonly #exports: FunctionBuilder<ValueType | 'none'>[] = []
  #memory: { readonly module: string; readonly name: string; readonly limits: Limits } | undefined

  /** Starts a function; it is complete when the module is finished. */
  define(name: string): FunctionBuilder<'none'>
  define<R extends ValueType>(name: string, result: R): FunctionBuilder<R>
  define(name: string, result: ValueType | 'none' = 'none'): FunctionBuilder<ValueType | 'none'> {
    const made = new FunctionBuilder(name, this.#functions.length, result)
    this.#functions.push(made)
    return made
  }

  /** Makes a function callable from outside under its name. */
  export(builder: FunctionBuilder<ValueType> | FunctionBuilder): void {
    const own = this.#functions[builder.index]
    if (own !== undefined) this.#exports.push(own)
  }

  /** Sizes are in pages of 64 KiB. */
  importMemory(module: string, name: string, limits: Limits): void {
    this.#memory = { module, name, limits }
  }

  finish(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter()
    out.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    const types = new TypeTable(this.#functions)
    this.#section(out, sections.type, types.texts, (to, text) => to.bytes(types.bytesOf(text)))
    if (this.#memory !== undefined) {
      this.#section(out, sections.import, [this.#memory], (to, { module, name, limits }) => {
        to.name(module)
        to.name(name)
        to.byte(memoryKind)
        to.byte((limits.maximum === undefined ? 0 : 1) + (limits.isShared === true ? 2 : 0))
        to.unsigned(limits.minimum)
        if (limits.maximum !== undefined) to.unsigned(limits.maximum)
      })
    }
    this.#section(out, sections.function, this.#functions, (to, f) => to.unsigned(types.indexOf(f)))
    this.#section(out, sections.export, this.#exports, (to, f) => {
      to.name(f.name)
      to.byte(functionKind)
      to.unsigned(f.index)
    })
    this.#section(out, sections.code, this.#functions, (to, f) => f.write(to))
    this.#names(out)
    return out.finish()
  }

  #section<T>(
    out: ByteWriter,
    id: number,
    items: readonly T[],
    write: (to: ByteWriter, item: T) => void,
  ): void {
    out.byte(id)
    out.sized((to) => {
      to.unsigned(items.length)
      for (const item of items) write(to, item)
    })
  }

  /** Names of functions, for profilers and stack traces. */
  #names(out: ByteWriter): void {
    out.byte(sections.custom)
    out.sized((to) => {
      to.name('name')
      const functionNames = 1
      this.#section(to, functionNames, this.#functions, (names, f) => {
        names.unsigned(f.index)
        names.name(f.name)
      })
    })
  }
}

/** The distinct signatures of some functions. */
class TypeTable {
  readonly texts: readonly string[]
  readonly #bytes = new Map<string, readonly number[]>()

  constructor(functions: readonly FunctionBuilder<ValueType | 'none'>[]) {
    for (const f of functions) {
      const results = f.resultType === 'none' ? [] : [f.resultType]
      const vector = (types: readonly ValueType[]) => [
        types.length,
        ...types.map((type) => valueTypeBytes[type]),
      ]
      this.#bytes.set(textOf(f), [functionType, ...vector(f.parameterTypes), ...vector(results)])
    }
    this.texts = [...this.#bytes.keys()]
  }

  bytesOf(text: string): readonly number[] {
    return this.#bytes.get(text) ?? []
  }

  indexOf(f: FunctionBuilder<ValueType | 'none'>): number {
    return this.texts.indexOf(textOf(f))
  }
}

function textOf(f: FunctionBuilder<ValueType | 'none'>): string {
  return `${f.parameterTypes.join(' ')} -> ${f.resultType}`
}
