import type { IndexData, RangeData, TypedArray } from '@tensorweft/core'
import type { Action } from './action.ts'
import { IndexVector, MaskVector } from './index-vector.ts'
import { affineOver, type Space } from './space.ts'
import { Walk } from './walk.ts'

/** An index as int32 values. */
class AffineIndex implements Action {
  private readonly walk: Walk
  private readonly out: TypedArray

  constructor(walk: Walk, out: TypedArray) {
    this.walk = walk
    this.out = out
  }

  run(start: number, count: number): void {
    const { walk, out } = this
    const stride = walk.strides[0] ?? 0
    walk.seek(start)
    for (let o = 0; o < count; ) {
      const n = Math.min(walk.remaining, count - o)
      const first = walk.values[0] ?? 0
      for (let k = 0; k < n; k++) out[o + k] = first + k * stride
      walk.advance(n)
      o += n
    }
  }
}

/** Values that a vector of an index or of a mask holds. */
class VectorCopy implements Action {
  private readonly vector: IndexVector | MaskVector
  private readonly out: TypedArray

  constructor(vector: IndexVector | MaskVector, out: TypedArray) {
    this.vector = vector
    this.out = out
  }

  run(start: number, count: number): void {
    this.vector.fill(start, count)
    const { values } = this.vector
    for (let k = 0; k < count; k++) this.out[k] = values[k] ?? 0
  }
}

/** Makes an `index` step in the register `out`. */
export function indexInto(index: IndexData, space: Space, out: TypedArray): Action {
  if (index.digits.length > 0) return new VectorCopy(new IndexVector(space, index, out.length), out)
  return new AffineIndex(new Walk(space, [affineOver(space, index)]), out)
}

/** Makes an `inside` step in the register `out`. */
export function insideInto(within: readonly RangeData[], space: Space, out: TypedArray): Action {
  return new VectorCopy(new MaskVector(space, within, out.length), out)
}
