import { type DType, isFloat } from '../dtype.ts'

/** How the values of a reduction are combined. Float sums may be carried in higher precision. */
export type Combiner = 'sum' | 'prod' | 'max' | 'min'

/** The value that changes nothing: the result of a reduction over no elements. */
export function identityOf(combiner: Combiner, dtype: DType): number {
  switch (combiner) {
    case 'sum':
      return 0
    case 'prod':
      return 1
    case 'max':
      return isFloat(dtype) ? Number.NEGATIVE_INFINITY : dtype === 'int32' ? -(2 ** 31) : 0
    case 'min':
      return isFloat(dtype) ? Number.POSITIVE_INFINITY : highest[dtype]
  }
}

const highest = { int32: 2 ** 31 - 1, uint8: 255, bool: 1 }
