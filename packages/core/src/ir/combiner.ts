import { type ArithmeticDType, arithmeticOf, type DType } from '../dtype.ts'

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
      return lowest[arithmeticOf(dtype)]
    case 'min':
      return highest[arithmeticOf(dtype)]
  }
}

const lowest: Readonly<Record<ArithmeticDType, number>> = {
  float32: Number.NEGATIVE_INFINITY,
  float64: Number.NEGATIVE_INFINITY,
  int32: -(2 ** 31),
  uint8: 0,
  bool: 0,
}

const highest: Readonly<Record<ArithmeticDType, number>> = {
  float32: Number.POSITIVE_INFINITY,
  float64: Number.POSITIVE_INFINITY,
  int32: 2 ** 31 - 1,
  uint8: 255,
  bool: 1,
}
