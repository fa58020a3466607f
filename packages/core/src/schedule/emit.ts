import type { Axis, Index, Range } from '../index-algebra/index.ts'
import type { IndexData, RangeData, Step } from '../ir/program.ts'
import { postOrder, type ReduceScalar, type Scalar } from '../scalar/scalar.ts'

/** What scalar expressions refer to, as the kernel numbers it. */
export interface Numbering {
  /** The expression over the kernel's final axes. */
  resolve(index: Index): Index
  axis(axis: Axis): number
  operand(array: number): number
  /** Number of a reduction whose result is available, or undefined if it is not. */
  reduction(scalar: ReduceScalar): number | undefined
}

export interface EmittedProgram {
  readonly steps: readonly Step[]
  /** Number of the value of each root. */
  numberOf(root: Scalar): number
}

/** Writes expressions as a program: shared parts once, in order of dependence. */
export function emitProgram(roots: readonly Scalar[], numbering: Numbering): EmittedProgram {
  const steps: Step[] = []
  const numbers = new Map<Scalar, number>()
  const numberOf = (scalar: Scalar) => {
    const number = numbers.get(scalar)
    if (number === undefined) throw new Error(`no value of a ${scalar.kind}`)
    return number
  }
  const isAvailable = (scalar: Scalar) =>
    scalar.kind === 'reduce' && numbering.reduction(scalar) !== undefined
  for (const scalar of postOrder(roots, isAvailable)) {
    numbers.set(scalar, steps.push(stepOf(scalar, numberOf, numbering)) - 1)
  }
  return { steps, numberOf }
}

function stepOf(scalar: Scalar, numberOf: (scalar: Scalar) => number, to: Numbering): Step {
  const { dtype } = scalar
  switch (scalar.kind) {
    case 'constant':
      return { op: 'constant', dtype, value: scalar.value }
    case 'argument':
      return { op: 'scalar', dtype, scalar: scalar.argument }
    case 'load':
      return {
        op: 'load',
        dtype,
        operand: to.operand(scalar.array),
        index: indexData(scalar.index, to),
        within: scalar.within.map((range) => rangeData(range, to)),
      }
    case 'gather':
      return {
        op: 'gather',
        dtype,
        operand: to.operand(scalar.array),
        index: indexData(scalar.index, to),
        offset: numberOf(scalar.offset),
        within: scalar.within.map((range) => rangeData(range, to)),
      }
    case 'index':
      return { op: 'index', dtype: 'int32', index: indexData(scalar.index, to) }
    case 'inside':
      return {
        op: 'inside',
        dtype: 'bool',
        within: scalar.within.map((range) => rangeData(range, to)),
      }
    case 'apply':
      return {
        op: 'apply',
        dtype,
        instruction: scalar.instruction,
        args: scalar.args.map(numberOf),
      }
    case 'reduce': {
      const reduction = to.reduction(scalar)
      if (reduction === undefined) throw new Error('a reduction is not computed')
      return { op: 'reduced', dtype, reduction }
    }
  }
}

/** An index expression as plain data over the kernel's axes. */
export function indexData(index: Index, numbering: Numbering): IndexData {
  return dataOf(numbering.resolve(index), numbering)
}

function dataOf(index: Index, to: Numbering): IndexData {
  const terms: { axis: number; coefficient: number }[] = []
  const digits: IndexData['digits'][number][] = []
  for (const { atom, coefficient } of index.terms) {
    if (atom.kind === 'axis') terms.push({ axis: to.axis(atom), coefficient })
    else {
      const modulus = atom.modulus === Number.POSITIVE_INFINITY ? 0 : atom.modulus
      digits.push({ of: dataOf(atom.of, to), divisor: atom.divisor, modulus, coefficient })
    }
  }
  terms.sort((a, b) => a.axis - b.axis)
  return { constant: index.constant, terms, digits }
}

function rangeData(range: Range, numbering: Numbering): RangeData {
  return { index: indexData(range.index, numbering), low: range.low, high: range.high }
}
