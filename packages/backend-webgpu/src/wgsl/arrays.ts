import { type Kernel, writtenOperands } from '@tensorweft/core'
import { elementsPerWord, isPacked, type ValueDType, valueDType } from './value-type.ts'

/**
 * Which binding each operand of a kernel lies in. WGSL binds a buffer once per dispatch and under
 * one element type, so bindings are arrays of words and values are reinterpreted.
 */
export type Bindings = readonly number[]

/**
 * Loads and stores of a kernel's operands as text. `shared` names the operands of which several
 * invocations may write parts of the same word: their bindings are atomic. `wide` names operands
 * that `loadFour` and `storeFour` are for, and that no other stores write: a binding in which all
 * stores are such is one of vectors, and its fours are single accesses of 128 bits.
 */
export class Arrays {
  readonly #dtypes: readonly ValueDType[]
  readonly #bindings: Bindings
  readonly #atomic: ReadonlySet<number>
  readonly #vectors: ReadonlySet<number>
  readonly #partStores = new Set<string>()
  readonly #wordLoads = new Set<number>()

  constructor(
    kernel: Kernel,
    bindings: Bindings,
    shared: Iterable<number>,
    wide: Iterable<number> = [],
  ) {
    this.#dtypes = kernel.operands.map(({ dtype }) => valueDType(dtype))
    this.#bindings = bindings
    const bindingsOf = (operands: Iterable<number>) =>
      new Set([...operands].map((operand) => this.#binding(operand)))
    this.#atomic = bindingsOf(shared)
    const words = [...new Set(wide)].filter((operand) => !isPacked(this.#dtype(operand)))
    // A store to one component may write the whole vector, and what lies beside is others'.
    const written = writtenOperands(kernel).filter((operand) => !words.includes(operand))
    const narrow = bindingsOf(written)
    this.#vectors = new Set(
      [...bindingsOf(words)].filter(
        (binding) => !narrow.has(binding) && !this.#atomic.has(binding),
      ),
    )
  }

  /** The element at `index`, an i32 expression, as a value of the operand's dtype. */
  load(operand: number, index: string): string {
    const dtype = this.#dtype(operand)
    const perWord = elementsPerWord(dtype)
    const shift = log2(perWord)
    const at = shift === 0 ? `u32(${index})` : `(u32(${index}) >> ${shift}u)`
    const bits = this.#word(operand, at)
    const place = `((u32(${index}) & ${perWord - 1}u) * ${32 / perWord}u)`
    return valueText(dtype, perWord === 1 ? bits : partOf(bits, place, perWord))
  }

  /** The statement that stores a value of the operand's dtype at `index`. */
  store(operand: number, index: string, value: string): string {
    const bits = this.bits(operand, value)
    const perWord = elementsPerWord(this.#dtype(operand))
    if (perWord === 1) return this.storeWord(operand, `u32(${index})`, bits)
    const binding = this.#binding(operand)
    const name = `store_part${32 / perWord}_${binding}`
    this.#partStores.add(storePartText(name, binding, perWord))
    return `${name}(params.base${operand}, u32(${index}), ${bits});`
  }

  /** A value of the operand's dtype as a u32. */
  bits(operand: number, value: string): string {
    switch (this.#dtype(operand)) {
      case 'uint8':
      case 'float16':
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

  /**
   * Four neighbours from element 4 · `index` on (an i32 expression), in words that `fourth` takes
   * apart: to be named first.
   */
  loadFour(operand: number, index: string): string {
    const vector = this.#vector(operand, index)
    if (vector !== undefined) return vector
    const words = this.#wordsOfFour(operand, index).map((at) => this.#word(operand, at))
    return words.length === 1 ? words.join() : `${this.fourType(operand)}(${words.join(', ')})`
  }

  /** The type of what `loadFour` gives. */
  fourType(operand: number): string {
    const words = 4 / elementsPerWord(this.#dtype(operand))
    return words === 1 ? 'u32' : `vec${words}<u32>`
  }

  /** Value number `k` of a four that has the name `four`. */
  fourth(operand: number, four: string, k: number): string {
    const dtype = this.#dtype(operand)
    const perWord = elementsPerWord(dtype)
    const word = perWord === 4 ? four : `${four}[${Math.floor(k / perWord)}]`
    const place = `${(k % perWord) * (32 / perWord)}u`
    return valueText(dtype, perWord === 1 ? word : partOf(word, place, perWord))
  }

  /** Statements that store four neighbours from element 4 · `index` on. */
  storeFour(operand: number, index: string, values: readonly string[]): string[] {
    const bits = values.map((value) => this.bits(operand, value))
    const vector = this.#vector(operand, index)
    if (vector !== undefined) return [`${vector} = vec4<u32>(${bits.join(', ')});`]
    const perWord = elementsPerWord(this.#dtype(operand))
    return this.#wordsOfFour(operand, index).map((at, k) =>
      this.storeWord(operand, at, wordOf(bits.slice(k * perWord, (k + 1) * perWord))),
    )
  }

  /**
   * Statements that store the first `count` of four (a u32 expression); what lies behind them keeps
   * its value.
   */
  storeSome(operand: number, index: string, values: readonly string[], count: string): string[] {
    const bits = values.map((value) => this.bits(operand, value))
    const vector = this.#vector(operand, index)
    if (vector !== undefined) {
      const isIn = `vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${count})`
      return [`${vector} = select(${vector}, vec4<u32>(${bits.join(', ')}), ${isIn});`]
    }
    const perWord = elementsPerWord(this.#dtype(operand))
    return this.#wordsOfFour(operand, index).map((at, k) => {
      const first = k * perWord
      const word = wordOf(bits.slice(first, first + perWord))
      if (perWord === 1) return `if (${first}u < ${count}) { ${this.storeWord(operand, at, word)} }`
      // A shift by 32 would be one by 0.
      const behind = `select(0u, 0xffffffffu << (${32 / perWord}u * (${count} - ${first}u)), ${count} < ${first + perWord}u)`
      const merged = `((${word}) & ~${behind}) | (${this.loadWord(operand, at)} & ${behind})`
      return `if (${first}u < ${count}) { ${this.storeWord(operand, at, merged)} }`
    })
  }

  /** Declarations of the bindings and of the functions that store bytes. */
  declarations(): string[] {
    const count = Math.max(0, ...this.#bindings.map((binding) => binding + 1))
    const bindings = Array.from({ length: count }, (_, binding) => {
      const type = this.#elementType(binding)
      const place = `@group(0) @binding(${binding + 1})`
      return `${place} var<storage, read_write> words${binding}: array<${type}>;`
    })
    return [bindings.join('\n'), ...[...this.#wordLoads].map(loadWordText), ...this.#partStores]
  }

  #elementType(binding: number): string {
    if (this.#atomic.has(binding)) return 'atomic<u32>'
    return this.#vectors.has(binding) ? 'vec4<u32>' : 'u32'
  }

  #dtype(operand: number): ValueDType {
    return this.#dtypes[operand] ?? 'float32'
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
    const binding = this.#binding(operand)
    if (this.#vectors.has(binding)) {
      this.#wordLoads.add(binding)
      return `load_word${binding}(params.base${operand} + ${at})`
    }
    const place = this.#place(operand, at)
    return this.#isAtomic(operand) ? `atomicLoad(&${place})` : place
  }

  /** The numbers of the words of four neighbours. */
  #wordsOfFour(operand: number, index: string): string[] {
    const words = 4 / elementsPerWord(this.#dtype(operand))
    if (words === 1) return [`u32(${index})`]
    return Array.from({ length: words }, (_, k) => `${words}u * u32(${index}) + ${k}u`)
  }

  /** The vector that holds a four, if the binding is one of vectors and a four is one of them. */
  #vector(operand: number, index: string): string | undefined {
    const binding = this.#binding(operand)
    if (!this.#vectors.has(binding) || isPacked(this.#dtype(operand))) return undefined
    return `words${binding}[(params.base${operand} >> 2u) + u32(${index})]`
  }
}

/** The bits of an element as a value of its dtype. */
function valueText(dtype: ValueDType, bits: string): string {
  switch (dtype) {
    case 'uint8':
    case 'float16':
      return bits
    case 'bool':
      return `(${bits} != 0u)`
    case 'int32':
      return `bitcast<i32>(${bits})`
    case 'float32':
      return `bitcast<f32>(${bits})`
  }
}

/** One of several elements of a word, which starts at a bit. */
function partOf(word: string, place: string, perWord: number): string {
  return `((${word} >> ${place}) & ${maskOf(perWord)})`
}

/** The elements of a word together, the first one lowest. */
function wordOf(parts: readonly string[]): string {
  const width = 32 / parts.length
  return parts.map((part, k) => (k === 0 ? part : `(${part} << ${width * k}u)`)).join(' | ')
}

function maskOf(perWord: number): string {
  return perWord === 4 ? '255u' : '65535u'
}

function log2(perWord: 1 | 2 | 4): number {
  return perWord >> 1
}

/** One component of a vector. */
function loadWordText(binding: number): string {
  return `fn load_word${binding}(at: u32) -> u32 { return words${binding}[at >> 2u][at & 3u]; }`
}

/** Clears and sets part of a word; what lies beside it may be written at the same time. */
function storePartText(name: string, binding: number, perWord: 1 | 2 | 4): string {
  return `
fn ${name}(base: u32, index: u32, value: u32) {
  let word = base + (index >> ${log2(perWord)}u);
  let shift = (index & ${perWord - 1}u) * ${32 / perWord}u;
  atomicAnd(&words${binding}[word], ~(${maskOf(perWord)} << shift));
  atomicOr(&words${binding}[word], value << shift);
}`.trim()
}
