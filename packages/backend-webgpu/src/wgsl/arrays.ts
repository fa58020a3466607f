import { type Kernel, writtenOperands } from '@tensorweft/core'
import { elementsPerWord, isPacked, type ValueDType, valueDType } from './value-type.ts'

/**
 * Which binding each operand of a kernel lies in. WGSL binds a buffer once per dispatch and under
 * one element type, so bindings are arrays of words and values are reinterpreted.
 */
export type Bindings = readonly number[]

/** What a binding is an array of. */
type Element = 'u32' | 'atomic<u32>' | 'vec4<u32>' | 'f16' | 'vec4<f16>'

/**
 * Loads and stores of a kernel's operands as text. `shared` names the operands of which several
 * invocations may write parts of the same word: their bindings are atomic. `wide` names operands
 * that `loadFour` and `storeFour` are for, and that no other stores write: a binding in which all
 * stores are such is one of vectors, and its fours are single accesses of 128 bits. Where f16 is a
 * type (`hasHalves`), a binding of float16 alone is an array of it, so that no words are shared.
 */
export class Arrays {
  readonly #dtypes: readonly ValueDType[]
  readonly #bindings: Bindings
  readonly #hasHalves: boolean
  /** Of each binding, what it is an array of. */
  readonly #elements: readonly Element[]
  readonly #partStores = new Set<string>()
  readonly #loads = new Set<number>()

  constructor(
    kernel: Kernel,
    bindings: Bindings,
    shared: Iterable<number>,
    wide: Iterable<number> = [],
    hasHalves = false,
  ) {
    this.#dtypes = kernel.operands.map(({ dtype }) => valueDType(dtype))
    this.#bindings = bindings
    this.#hasHalves = hasHalves
    const [parts, fours] = [new Set(shared), new Set(wide)]
    const written = new Set(writtenOperands(kernel))
    const count = Math.max(0, ...bindings.map((binding) => binding + 1))
    this.#elements = Array.from({ length: count }, (_, binding): Element => {
      const operands = [...bindings.keys()].filter((operand) => bindings[operand] === binding)
      const isWide = operands.some((operand) => fours.has(operand))
      // A store to one component may write the whole vector, and what lies beside is others'.
      const isWhole = operands.every((operand) => !written.has(operand) || fours.has(operand))
      const isHalf = hasHalves && operands.every((operand) => this.#dtype(operand) === 'float16')
      if (isHalf && isWide && isWhole) return 'vec4<f16>'
      // Four words are loaded in fewer pieces than four halves.
      if (isHalf && !isWide) return 'f16'
      if (operands.some((operand) => parts.has(operand))) return 'atomic<u32>'
      const isOfWords = (operand: number) => !isPacked(this.#dtype(operand))
      const hasVectors = operands.some((operand) => fours.has(operand) && isOfWords(operand))
      const areWords = operands.every((operand) => !written.has(operand) || isOfWords(operand))
      return hasVectors && isWhole && areWords ? 'vec4<u32>' : 'u32'
    })
  }

  /** The element at `index`, an i32 expression, as a value of the operand's dtype. */
  load(operand: number, index: string): string {
    if (this.#isHalf(operand)) return this.#word(operand, `u32(${index})`)
    const dtype = this.#dtype(operand)
    const perWord = elementsPerWord(dtype)
    const shift = log2(perWord)
    const at = shift === 0 ? `u32(${index})` : `(u32(${index}) >> ${shift}u)`
    const bits = this.#word(operand, at)
    const place = `((u32(${index}) & ${perWord - 1}u) * ${32 / perWord}u)`
    return this.#value(dtype, perWord === 1 ? bits : partOf(bits, place, perWord))
  }

  /** The statement that stores a value of the operand's dtype at `index`. */
  store(operand: number, index: string, value: string): string {
    if (this.#isHalf(operand)) return this.storeWord(operand, `u32(${index})`, value)
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
        return value
      case 'float16':
        return this.#hasHalves ? `bitcast<u32>(vec2<f16>(${value}, 0h))` : value
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
    const words = this.#placesOfFour(operand, index).map((at) => this.#word(operand, at))
    const type = this.#isHalf(operand) ? 'f16' : 'u32'
    return words.length === 1 ? words.join() : `vec${words.length}<${type}>(${words.join(', ')})`
  }

  /** What there is instead of a four that is not loaded. */
  noFour(operand: number): string {
    if (this.#isHalf(operand)) return 'vec4<f16>(f16(params.zero))'
    const words = 4 / elementsPerWord(this.#dtype(operand))
    return words === 1 ? 'params.zero' : `vec${words}<u32>(params.zero)`
  }

  /** Value number `k` of a four that has the name `four`. */
  fourth(operand: number, four: string, k: number): string {
    if (this.#isHalf(operand)) return `${four}[${k}]`
    const dtype = this.#dtype(operand)
    const perWord = elementsPerWord(dtype)
    const word = perWord === 4 ? four : `${four}[${Math.floor(k / perWord)}]`
    const place = `${(k % perWord) * (32 / perWord)}u`
    return this.#value(dtype, perWord === 1 ? word : partOf(word, place, perWord))
  }

  /** Statements that store four neighbours from element 4 · `index` on. */
  storeFour(operand: number, index: string, values: readonly string[]): string[] {
    const vector = this.#vector(operand, index)
    if (vector !== undefined) return [`${vector} = ${this.#four(operand, values)};`]
    const words = this.#words(operand, values)
    return this.#placesOfFour(operand, index).map((at, k) =>
      this.storeWord(operand, at, words[k] ?? ''),
    )
  }

  /**
   * Statements that store the first `count` of four (a u32 expression); what lies behind them keeps
   * its value.
   */
  storeSome(operand: number, index: string, values: readonly string[], count: string): string[] {
    const vector = this.#vector(operand, index)
    if (vector !== undefined) {
      const isIn = `vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${count})`
      return [`${vector} = select(${vector}, ${this.#four(operand, values)}, ${isIn});`]
    }
    const words = this.#words(operand, values)
    const perWord = this.#perPlace(operand)
    return this.#placesOfFour(operand, index).map((at, k) => {
      const first = k * perWord
      const word = words[k] ?? ''
      if (perWord === 1) return `if (${first}u < ${count}) { ${this.storeWord(operand, at, word)} }`
      // A shift by 32 would be one by 0.
      const behind = `select(0u, 0xffffffffu << (${32 / perWord}u * (${count} - ${first}u)), ${count} < ${first + perWord}u)`
      const merged = `((${word}) & ~${behind}) | (${this.loadWord(operand, at)} & ${behind})`
      return `if (${first}u < ${count}) { ${this.storeWord(operand, at, merged)} }`
    })
  }

  /** Declarations of the bindings and of the functions that store bytes. */
  declarations(): string[] {
    const bindings = this.#elements.map((element, binding) => {
      const place = `@group(0) @binding(${binding + 1})`
      return `${place} var<storage, read_write> words${binding}: array<${element}>;`
    })
    const loads = [...this.#loads].map((binding) => {
      return loadText(binding, this.#elements[binding] === 'vec4<f16>' ? 'f16' : 'u32')
    })
    return [bindings.join('\n'), ...loads, ...this.#partStores]
  }

  #dtype(operand: number): ValueDType {
    return this.#dtypes[operand] ?? 'float32'
  }

  #binding(operand: number): number {
    const binding = this.#bindings[operand]
    if (binding === undefined) throw new Error(`no binding for operand ${operand}`)
    return binding
  }

  #element(operand: number): Element | undefined {
    return this.#elements[this.#binding(operand)]
  }

  /** Whether the operand lies in a binding of f16. */
  #isHalf(operand: number): boolean {
    const element = this.#element(operand)
    return element === 'f16' || element === 'vec4<f16>'
  }

  #isAtomic(operand: number): boolean {
    return this.#element(operand) === 'atomic<u32>'
  }

  #isVector(operand: number): boolean {
    return this.#element(operand)?.startsWith('vec4') === true
  }

  /** The number in its binding of word `at` of an operand, or of half `at`. */
  #number(operand: number, at: string): string {
    return `${this.#isHalf(operand) ? '2u * ' : ''}params.base${operand} + ${at}`
  }

  #place(operand: number, at: string): string {
    return `words${this.#binding(operand)}[${this.#number(operand, at)}]`
  }

  #word(operand: number, at: string): string {
    if (this.#isVector(operand)) {
      const binding = this.#binding(operand)
      this.#loads.add(binding)
      return `load_word${binding}(${this.#number(operand, at)})`
    }
    const place = this.#place(operand, at)
    return this.#isAtomic(operand) ? `atomicLoad(&${place})` : place
  }

  /** Elements that share a word, or 1 in a binding of halves. */
  #perPlace(operand: number): 1 | 2 | 4 {
    return this.#isHalf(operand) ? 1 : elementsPerWord(this.#dtype(operand))
  }

  /** The numbers of the words, or halves, of four neighbours. */
  #placesOfFour(operand: number, index: string): string[] {
    const words = 4 / this.#perPlace(operand)
    if (words === 1) return [`u32(${index})`]
    return Array.from({ length: words }, (_, k) => `${words}u * u32(${index}) + ${k}u`)
  }

  /** Four values as words, or as halves. */
  #words(operand: number, values: readonly string[]): string[] {
    if (this.#isHalf(operand)) return [...values]
    const perWord = elementsPerWord(this.#dtype(operand))
    const starts = Array.from({ length: 4 / perWord }, (_, k) => k * perWord)
    return starts.map((start) => {
      const parts = values.slice(start, start + perWord)
      const areHalves = this.#hasHalves && this.#dtype(operand) === 'float16'
      if (areHalves) return `bitcast<u32>(vec2<f16>(${parts.join(', ')}))`
      return wordOf(parts.map((value) => this.bits(operand, value)))
    })
  }

  /** Four values as what `#vector` holds. */
  #four(operand: number, values: readonly string[]): string {
    if (this.#isHalf(operand)) return `vec4<f16>(${values.join(', ')})`
    return `vec4<u32>(${this.#words(operand, values).join(', ')})`
  }

  /** The vector that holds a four, if the binding is one of vectors and a four is one of them. */
  #vector(operand: number, index: string): string | undefined {
    const isHalf = this.#isHalf(operand)
    if (!this.#isVector(operand) || (isPacked(this.#dtype(operand)) && !isHalf)) return undefined
    const base = `(params.base${operand} >> ${isHalf ? 1 : 2}u)`
    return `words${this.#binding(operand)}[${base} + u32(${index})]`
  }

  /** The bits of an element as a value of its dtype. */
  #value(dtype: ValueDType, bits: string): string {
    switch (dtype) {
      case 'uint8':
        return bits
      case 'float16':
        return this.#hasHalves ? halfText(bits) : bits
      case 'bool':
        return `(${bits} != 0u)`
      case 'int32':
        return `bitcast<i32>(${bits})`
      case 'float32':
        return `bitcast<f32>(${bits})`
    }
  }
}

/** The bits of a float16 as f16. */
export function halfText(bits: string): string {
  return `bitcast<vec2<f16>>(${bits}).x`
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
function loadText(binding: number, type: 'u32' | 'f16'): string {
  return `fn load_word${binding}(at: u32) -> ${type} { return words${binding}[at >> 2u][at & 3u]; }`
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
