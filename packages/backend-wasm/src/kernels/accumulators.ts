import { type Combiner, type Instruction, identityOf, type Reduction } from '@tensorweft/core'
import { type FunctionBuilder, f32x4, i8x16, i32x4, v128 } from '../assembler/index.ts'
import { lanesPerVector, type Part } from '../loops/nest.ts'
import { multiplyAdd } from '../scalar/fused.ts'
import { lanes } from '../scalar/halves.ts'
import { renderInstruction } from '../scalar/instructions.ts'
import { constantOf, type LaneDType, laneDType } from '../scalar/register.ts'
import type { Vector, VectorLocal } from '../scalar/vector.ts'
import { WideSum } from './wide-sum.ts'

const instructionOf: Readonly<Record<Combiner, Instruction>> = {
  sum: 'add',
  prod: 'mul',
  max: 'max',
  min: 'min',
}

/** The first operand where either is NaN. */
const fastExtremes: Readonly<Partial<Record<Combiner, (a: Vector, b: Vector) => Vector>>> = {
  max: f32x4.pmax,
  min: f32x4.pmin,
}

/** Bools that are summed or multiplied stay bools. */
const boolInstructionOf: Readonly<Record<Combiner, Instruction>> = {
  sum: 'or',
  prod: 'and',
  max: 'max',
  min: 'min',
}

/** Combines two values lane by lane. */
export function combineLanes(
  f: FunctionBuilder,
  combiner: Combiner,
  dtype: LaneDType,
  a: VectorLocal,
  b: VectorLocal,
): Vector {
  const names = dtype === 'bool' ? boolInstructionOf : instructionOf
  const args = [a, b].map((value) => ({ value, dtype, constant: undefined }))
  return renderInstruction(f, names[combiner], dtype, args)
}

/** Variables that a reduction is carried in while its loops run: one for each part. */
export class Accumulators {
  readonly #f: FunctionBuilder
  readonly #dtype: LaneDType
  readonly #combiner: Combiner
  readonly #sums: readonly VectorLocal[]
  /** Sums of finished stretches in float64, where sums are long enough to lose digits. */
  readonly #totals: readonly WideSum[]

  constructor(f: FunctionBuilder, { combiner, dtype }: Reduction, parts: number, isLong: boolean) {
    this.#f = f
    this.#dtype = laneDType(dtype)
    this.#combiner = combiner
    const create = <T>(make: () => T) => Array.from({ length: parts }, make)
    const isWide = isLong && combiner === 'sum' && dtype === 'float32'
    this.#sums = create(() => f.local('v128', this.#identity()))
    this.#totals = isWide ? create(() => new WideSum(f)) : []
  }

  /** Whether it is carried in stretches. */
  get isLong(): boolean {
    return this.#totals.length > 0
  }

  /** Combines the values of a part; lanes beyond its end are left out. */
  add(part: number, { lanes }: Part, value: VectorLocal, isAcross: boolean): void {
    const sum = this.#sums[part]
    if (sum === undefined) return
    const isWhole = isAcross || lanes === lanesPerVector
    const used = isWhole
      ? value
      : this.#f.local('v128', v128.bitSelect(value, this.#identity(), laneMask(lanes)))
    this.#f.set(sum, this.#extended(sum, used))
  }

  /** Adds the products of a part to a float32 sum. */
  addProduct(part: number, { lanes }: Part, a: VectorLocal, b: VectorLocal, isAcross: boolean) {
    const sum = this.#sums[part]
    if (sum === undefined) return
    const isWhole = isAcross || lanes === lanesPerVector
    const total = multiplyAdd(a, b, sum)
    this.#f.set(sum, isWhole ? total : v128.bitSelect(total, sum, laneMask(lanes)))
  }

  /** Extremes of floats take fewer instructions in one order: once NaN, the first operand stays. */
  #extended(sum: VectorLocal, value: VectorLocal): Vector {
    const fast = this.#dtype === 'float32' ? fastExtremes[this.#combiner] : undefined
    if (fast === undefined) return this.#combine(sum, value)
    return v128.or(fast(sum, value), f32x4.ne(value, value))
  }

  /** Ends a stretch of a long sum. */
  flush(): void {
    this.#totals.forEach((total, k) => {
      const sum = this.#sums[k]
      if (sum === undefined) return
      total.add(sum)
      this.#f.set(sum, this.#identity())
    })
  }

  /** The results of the parts, each in the lanes that it stands for. */
  lanes(): readonly VectorLocal[] {
    if (!this.isLong) return this.#sums
    this.flush()
    return this.#totals.map((total) => this.#f.local('v128', total.narrow()))
  }

  /** One result in all lanes. The order depends on the number of parts alone. */
  total(): VectorLocal {
    const [first, ...rest] = this.#totals
    if (first !== undefined) {
      this.flush()
      for (const other of rest) first.join(other)
      return this.#f.local('v128', first.total())
    }
    const result = this.#f.local('v128', this.#joined())
    for (const order of [lanes(2, 3, 0, 1), lanes(1, 0, 3, 2)]) {
      const moved = this.#f.local('v128', i8x16.shuffle(result, result, order))
      this.#f.set(result, this.#combine(result, moved))
    }
    return result
  }

  /** All parts combined in a tree. */
  #joined(): VectorLocal | undefined {
    let results = this.#sums
    while (results.length > 1) {
      const half = Math.ceil(results.length / 2)
      results = results.slice(0, half).map((result, k) => {
        const other = results[half + k]
        return other === undefined ? result : this.#f.local('v128', this.#combine(result, other))
      })
    }
    return results[0]
  }

  #combine(a: VectorLocal, b: VectorLocal) {
    return combineLanes(this.#f, this.#combiner, this.#dtype, a, b)
  }

  #identity() {
    return constantOf(this.#dtype, identityOf(this.#combiner, this.#dtype))
  }
}

function laneMask(count: number) {
  const bits = (lane: number) => (lane < count ? -1 : 0)
  return i32x4.const(bits(0), bits(1), bits(2), bits(3))
}
