import { type DType, leavesOf, type Tensor, tensor } from '@tensorweft/core'
import type { GoldenAttribute, GoldenInput } from './golden-case.ts'

/** Inputs and attributes of a case, by name, in the types that ops take. */
export class GoldenCall {
  readonly tensors: ReadonlyMap<string, Tensor<DType>>
  readonly attributes: { readonly [name: string]: GoldenAttribute }

  constructor(
    tensors: ReadonlyMap<string, Tensor<DType>>,
    attributes: { readonly [name: string]: GoldenAttribute },
  ) {
    this.tensors = tensors
    this.attributes = attributes
  }

  /** The input of this name; its dtype is whatever the case says. */
  tensor<D extends DType = 'float32'>(name: string): Tensor<D> {
    return wanted(this.tensors.get(name), `input ${name}`) as Tensor<D>
  }

  /** All inputs in their order. */
  get all(): Tensor[] {
    return [...this.tensors.keys()].map((name) => this.tensor(name))
  }

  number(name: string): number {
    const value = this.attributes[name]
    return wanted(typeof value === 'number' ? value : undefined, `number ${name}`)
  }

  /** A number, or null where the case has `null`. */
  numberOrNull(name: string): number | null {
    return this.attributes[name] === null ? null : this.number(name)
  }

  /** False if absent. */
  flag(name: string): boolean {
    return this.attributes[name] === true
  }

  text(name: string): string {
    const value = this.attributes[name]
    return wanted(typeof value === 'string' ? value : undefined, `text ${name}`)
  }

  numbers(name: string): number[] {
    return wanted(this.numbersOrNull(name) ?? undefined, `numbers ${name}`)
  }

  /** A list, or null where the case has `null`. */
  numbersOrNull(name: string): number[] | null {
    const value = this.attributes[name]
    if (value === null) return null
    return numbersIn(wanted(value, `numbers ${name}`))
  }

  /** A list of bounds, of which some may be left out with `null`. */
  bounds(name: string): (number | null)[] {
    const value = wanted(this.attributes[name], `bounds ${name}`)
    if (!Array.isArray(value)) throw new Error(`golden attribute ${name} is no list`)
    return value.map((bound) => (bound === null ? null : Number(bound)))
  }

  /** A list of pairs, such as paddings. */
  pairs(name: string): [number, number][] {
    const value = wanted(this.attributes[name], `pairs ${name}`)
    if (!Array.isArray(value)) throw new Error(`golden attribute ${name} is no list`)
    return value.map((pair) => {
      const [before = 0, after = 0] = numbersIn(pair)
      return [before, after]
    })
  }
}

/** The tensors that a case gives. */
export function inputTensors(inputs: readonly GoldenInput[]): Map<string, Tensor<DType>> {
  return new Map(
    inputs.map(({ name, shape, dtype, data }) => [name, tensor(data, { shape, dtype })]),
  )
}

function numbersIn(value: GoldenAttribute): number[] {
  return leavesOf(value).map(({ leaf }) => Number(leaf))
}

function wanted<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the golden case has no ${what}`)
  return value
}
