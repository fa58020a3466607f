import { arithmeticOf, type DType } from '../dtype.ts'
import type { LoweredInput, Node, WalkForm, WalkLowering } from '../graph/tensor.ts'
import {
  flatten,
  type Index,
  type IndexSpace,
  type Range,
  simplifyRanges,
  simplifyUnder,
  unflatten,
} from '../index-algebra/index.ts'
import type { Combiner } from '../ir/combiner.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { sizeOf } from '../shape.ts'

/** What a kernel knows of the nodes that its expressions read. */
export interface ElementSource {
  /** Where an element comes from, unless it is computed in place. */
  element(node: Node, at: readonly Index[]): 'inline' | ElementValue
  /** Number of the array that holds the elements of a node in their order. */
  array(node: Node): number
  /** The axis of a reduction, by default a new one. */
  reducedAxis?(extent: number): Index
}
export type ElementValue =
  | { readonly kind: 'array'; readonly array: number }
  | { readonly kind: 'scalar'; readonly scalar: Scalar }

type ReduceBody = (indices: readonly Index[]) => Scalar

/**
 * Writes elements of nodes as scalar expressions, going through producers until `source` names
 * something that exists. Results are shared per node, index and guard.
 */
export class ElementLowering {
  readonly space: IndexSpace
  readonly scalar: ScalarBuilder
  readonly #source: ElementSource
  /** Ops whose arithmetic is in the expressions written so far, for people. */
  readonly names = new Set<string>()
  readonly #made = new Set<Scalar>()
  readonly #known = new Map<string, Scalar>()
  /** Ranges that hold wherever the expression that is being written is evaluated. */
  #facts: readonly Range[] = []

  constructor(space: IndexSpace, scalar: ScalarBuilder, source: ElementSource) {
    this.space = space
    this.scalar = scalar
    this.#source = source
  }

  /** The element of `node` at an index per axis. */
  element(node: Node, at: readonly Index[]): Scalar {
    const indices = at.map((index) => simplifyUnder(index, this.#facts))
    const facts = this.#facts.map(({ index, low, high }) => `${index.id}:${low}:${high}`)
    const key = `${node.id} ${indices.map((index) => index.id).join(' ')} | ${facts.join(' ')}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const value = this.#write(node, indices)
    this.#known.set(key, value)
    return value
  }

  /** The element of a node computed by its op, even if `source` would name an array for it. */
  computed(node: Node, at: readonly Index[]): Scalar {
    const { op, inputs, lowering } = this.#opOf(node)
    const value = op.lower(inputs, {
      ...lowering,
      at,
      reduce: (combiner, extents, body) => this.#reduce(combiner, extents, body),
    })
    // Views hand on a value that another op has made; they are not worth a mention.
    if (op.isRegion || (!isGiven(value) && !this.#made.has(value))) this.names.add(op.name)
    this.#made.add(value)
    return this.scalar.cast(value, node.dtype)
  }

  /** The op of a node as a walk, if it has that form, and its name. */
  walk(node: Node): { readonly form: WalkForm | undefined; readonly name: string } {
    const { op, inputs, lowering } = this.#opOf(node)
    return { form: op.walk?.(inputs, lowering), name: op.name }
  }

  #opOf(node: Node) {
    const { source, shape } = node
    const dtype = arithmeticOf(node.dtype)
    if (source.kind !== 'op') throw new Error(`a ${source.kind} is not computed`)
    const inputs = source.names.map((name, i) => [name, this.#input(node.inputs[i])])
    const lowering: WalkLowering = {
      shape,
      dtype,
      attributes: source.attributes,
      scalar: this.scalar,
      space: this.space,
      guarded: (ranges, body, otherwise) => this.#guarded(ranges, body, otherwise, dtype),
    }
    return { op: source.op, inputs: Object.fromEntries(inputs), lowering }
  }

  #write(node: Node, at: readonly Index[]): Scalar {
    const source = this.#source.element(node, at)
    if (source === 'inline') return this.computed(node, at)
    if (source.kind === 'scalar') return source.scalar
    const index = flatten(at, node.shape, this.space)
    return this.scalar.load(node.dtype, source.array, index, this.#facts)
  }

  #input(node: Node | undefined): LoweredInput {
    if (node === undefined) throw new Error('a node has too few inputs')
    const dtype = arithmeticOf(node.dtype)
    const { scalar } = this
    return {
      shape: node.shape,
      dtype,
      at: (...at: readonly Index[]) => scalar.cast(this.element(node, at), dtype),
      gather: (axis, position, others) => {
        return scalar.cast(this.#gather(node, axis, position, others), dtype)
      },
    }
  }

  #gather(node: Node, axis: number, position: Scalar, others: readonly Index[]): Scalar {
    const at = others.toSpliced(axis, 0, this.space.constant(0))
    const index = flatten(
      at.map((one) => simplifyUnder(one, this.#facts)),
      node.shape,
      this.space,
    )
    const offset = this.scalar.mul(position, sizeOf(node.shape.slice(axis + 1)))
    const array = this.#source.array(node)
    return this.scalar.gather(node.dtype, array, index, offset, this.#facts)
  }

  /** One flat axis for all reduced extents; it is split later, where loads need it. */
  #reduce(combiner: Combiner, extents: readonly number[], body: ReduceBody): Scalar {
    const extent = sizeOf(extents)
    const flat = this.#source.reducedAxis?.(extent) ?? this.space.axis(extent, 'r')
    const [axis] = flat.axes()
    return this.scalar.reduce(combiner, axis, extent, body(unflatten(flat, extents)))
  }

  #guarded(ranges: readonly Range[], body: () => Scalar, otherwise: number, dtype: DType): Scalar {
    const outer = this.#facts
    const facts = simplifyRanges([...outer, ...ranges])
    if (facts === 'never') return this.scalar.constant(dtype, otherwise)
    this.#facts = facts
    const value = body()
    this.#facts = outer
    return this.scalar.where(this.scalar.inside(ranges), value, otherwise)
  }
}

function isGiven({ kind }: Scalar): boolean {
  return kind === 'load' || kind === 'constant' || kind === 'argument'
}
