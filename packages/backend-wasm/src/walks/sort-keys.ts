import { BackendError, type DType, type Program, type Step } from '@tensorweft/core'

/**
 * A program whose last value is an int32 that orders as value number `value` does: the smaller one
 * comes first, equal values have equal keys, NaN has the greatest.
 */
export function withSortKey(program: Program, value: number, isDescending: boolean): Program {
  const dtype = program[value]?.dtype
  switch (dtype) {
    case 'float32':
      return withFloatKey(program, value, isDescending)
    case 'int32':
    case 'uint8':
    case 'bool':
      return withIntegerKey(program, value, isDescending)
    default:
      throw new BackendError('wasm.compile', {
        got: `a sort of ${dtype} values`,
        wanted: 'float32, int32, uint8 or bool',
        hint: 'compute it on the cpu backend',
      })
  }
}

/** Steps behind those of a program. */
class StepList {
  readonly steps: Step[]

  constructor(program: Program) {
    this.steps = [...program]
  }

  constant(dtype: DType, value: number): number {
    return this.steps.push({ op: 'constant', dtype, value }) - 1
  }

  apply(
    dtype: DType,
    instruction: Extract<Step, { op: 'apply' }>['instruction'],
    ...args: readonly number[]
  ): number {
    return this.steps.push({ op: 'apply', dtype, instruction, args }) - 1
  }
}

/** Not `x` is −1 − x, which no integer overflows. */
function withIntegerKey(program: Program, value: number, isDescending: boolean): Program {
  const list = new StepList(program)
  const key = list.apply('int32', 'cast', value)
  if (isDescending) list.apply('int32', 'xor', key, list.constant('int32', -1))
  return list.steps
}

/**
 * The bits of floats that are not negative are in order, those of negative ones in reverse. Adding
 * to 0, or subtracting from it, makes one zero of both.
 */
function withFloatKey(program: Program, value: number, isDescending: boolean): Program {
  const list = new StepList(program)
  const zero = list.constant('float32', 0)
  const signed = list.apply('float32', isDescending ? 'sub' : 'add', zero, value)
  const bits = list.apply('int32', 'bitcast', signed)
  const greatest = list.constant('int32', 2 ** 31 - 1)
  const reversed = list.apply('int32', 'xor', bits, greatest)
  const isNegative = list.apply('bool', 'lt', bits, list.constant('int32', 0))
  const ordered = list.apply('int32', 'where', isNegative, reversed, bits)
  const isNumber = list.apply('bool', 'eq', value, value)
  list.apply('int32', 'where', isNumber, ordered, greatest)
  return list.steps
}
