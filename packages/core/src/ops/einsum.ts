import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkTensor } from './check-tensor.ts'
import { diagonal } from './diagonal.ts'
import { type Contraction, isCovered, readEquation } from './einsum-equation.ts'
import { matmul } from './matmul.ts'
import { mul } from './mul.ts'
import { checkFactors } from './number.ts'
import { reshape } from './reshape.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'

/** A tensor with a label per axis, each once. */
interface Labelled {
  readonly tensor: Tensor<DType>
  readonly labels: readonly string[]
}

/**
 * Einstein's sum: the product of the operands, whose axes have labels, summed over every label that
 * the result lacks. A label that an operand has twice takes its diagonal; `...` stands for leading
 * or other axes, which broadcast; without `->` the result has the axes of `...` and then the labels
 * that occur once, in alphabetical order. Several operands are multiplied two at a time, what costs
 * least first.
 *
 * @param equation For example `'ij,jk->ik'`; spaces are left out.
 * @param operands As many as the equation has terms, of one dtype, a float or int32.
 * @throws ArgumentError for a wrong equation, with the position of the fault; ShapeError for axes
 * without a label and for labels with two sizes; DTypeError for other dtypes.
 * @example
 * ```ts
 * const x = tensor([[1, 2], [3, 4]])
 * await einsum('ij,kj->ik', x, x).array() // [[5, 11], [11, 25]]
 * await einsum('ii', x).item() // 5
 * ```
 */
export function einsum<D extends DType>(
  equation: string,
  ...operands: readonly Tensor<D>[]
): Tensor<D>
export function einsum(equation: string, ...operands: readonly Tensor<DType>[]): Tensor<DType> {
  checkOperands(operands)
  const shapes = operands.map(({ shape }) => shape)
  const contraction = readEquation(equation, shapes)
  const { output } = contraction
  const factors = operands.map((tensor, i) => {
    return takeDiagonals(dropBroadcast(tensor, contraction.operands[i] ?? [], contraction))
  })
  const reduced = factors.map((factor, i) => {
    return sumOverOthers(factor, [...output, ...labelsOf(factors.filter((_, n) => n !== i))])
  })
  return arrange(multiplyAll(reduced, contraction), output)
}

function checkOperands(operands: readonly Tensor<DType>[]): void {
  const [first, ...rest] = operands.map((operand, i) =>
    checkTensor('einsum', `operand ${i}`, operand),
  )
  if (first === undefined) {
    throw new ArgumentError('einsum', { got: 'no tensors', wanted: 'at least one' })
  }
  for (const other of [first, ...rest]) checkFactors('einsum', first, other)
}

/** Without axes of size 1 under an ellipsis that is longer elsewhere: the product repeats them. */
function dropBroadcast(
  tensor: Tensor<DType>,
  labels: readonly string[],
  { sizes }: Contraction,
): Labelled {
  const kept = labels.flatMap((name, axis) => {
    const isRepeated = isCovered(name) && tensor.shape[axis] !== sizes.get(name)
    return isRepeated ? [] : [axis]
  })
  return {
    tensor: reshape(
      tensor,
      kept.map((axis) => tensor.shape[axis] ?? 1),
    ),
    labels: kept.flatMap((axis) => labels[axis] ?? []),
  }
}

/** With each label once. */
function takeDiagonals({ tensor, labels }: Labelled): Labelled {
  const second = labels.findIndex((name, axis) => labels.indexOf(name) < axis)
  const name = labels[second]
  if (name === undefined) return { tensor, labels }
  const pair = [labels.indexOf(name), second]
  const others = labels.flatMap((_, axis) => (pair.includes(axis) ? [] : [axis]))
  return takeDiagonals({
    tensor: diagonal(transpose(tensor, [...others, ...pair])),
    labels: [...others.flatMap((axis) => labels[axis] ?? []), name],
  })
}

/** Without the axes that nobody else needs. */
function sumOverOthers({ tensor, labels }: Labelled, needed: readonly string[]): Labelled {
  const axes = labels.flatMap((name, axis) => (needed.includes(name) ? [] : [axis]))
  if (axes.length === 0) return { tensor, labels }
  return { tensor: sum(tensor, axes), labels: labels.filter((name) => needed.includes(name)) }
}

/** The product of all factors, two at a time. */
function multiplyAll(factors: readonly Labelled[], contraction: Contraction): Labelled {
  const [first, ...others] = factors
  if (first === undefined) throw new Error('no factors')
  if (others.length === 0) return first
  const [a, b] = cheapestPair(factors, contraction)
  const rest = factors.filter((factor) => factor !== a && factor !== b)
  const product = multiply(a, b, new Set([...contraction.output, ...labelsOf(rest)]))
  return multiplyAll([product, ...rest], contraction)
}

/** The two whose product takes the fewest multiplications, then the one that has fewest elements. */
function cheapestPair(
  factors: readonly Labelled[],
  { sizes, output }: Contraction,
): [Labelled, Labelled] {
  const sizeOf = (labels: Iterable<string>) =>
    [...labels].reduce((product, name) => product * (sizes.get(name) ?? 1), 1)
  const pairs = factors.flatMap((a, i) =>
    factors.slice(i + 1).map((b) => {
      const rest = factors.filter((factor) => factor !== a && factor !== b)
      const needed = new Set([...output, ...labelsOf(rest)])
      const all = [...new Set(labelsOf([a, b]))]
      return { a, b, work: sizeOf(all), size: sizeOf(all.filter((name) => needed.has(name))) }
    }),
  )
  const [best] = pairs.sort((p, q) => p.work - q.work || p.size - q.size)
  if (best === undefined) throw new Error('no pair of factors')
  return [best.a, best.b]
}

/**
 * The product of two, summed over what both have and nobody needs: as one matrix product, batched
 * over the other labels that both have. What stays of both is views, so that it is one contraction.
 */
function multiply(a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const shared = a.labels.filter((name) => b.labels.includes(name))
  const batch = shared.filter((name) => needed.has(name))
  const inner = shared.filter((name) => !needed.has(name))
  const rows = a.labels.filter((name) => !shared.includes(name))
  const columns = b.labels.filter((name) => !shared.includes(name))
  const labels = [...batch, ...rows, ...columns]
  if (inner.length === 0) {
    return { tensor: mul(spread(a, labels), spread(b, labels)), labels }
  }
  const left = grouped(a, [...batch.map((name) => [name]), rows, inner])
  const right = grouped(b, [...batch.map((name) => [name]), inner, columns])
  const sizes = [...sizesOf(a, [...batch, ...rows]), ...sizesOf(b, columns)]
  return { tensor: reshape(matmul(left, right), sizes), labels }
}

/** With the axes in this order, and size 1 for those that it does not have. */
function spread(factor: Labelled, labels: readonly string[]): Tensor<DType> {
  const own = labels.filter((name) => factor.labels.includes(name))
  const sizes = labels.map((name) => (own.includes(name) ? (sizesOf(factor, [name])[0] ?? 1) : 1))
  return reshape(arrange(factor, own), sizes)
}

/** With the axes in this order, those of a group merged into one. */
function grouped(factor: Labelled, groups: readonly (readonly string[])[]): Tensor<DType> {
  return reshape(
    arrange(factor, groups.flat()),
    groups.map((names) => sizesOf(factor, names).reduce((size, n) => size * n, 1)),
  )
}

function arrange({ tensor, labels }: Labelled, order: readonly string[]): Tensor<DType> {
  return transpose(
    tensor,
    order.map((name) => labels.indexOf(name)),
  )
}

function sizesOf({ tensor, labels }: Labelled, names: readonly string[]): number[] {
  return names.map((name) => tensor.shape[labels.indexOf(name)] ?? 1)
}

function labelsOf(factors: readonly Labelled[]): string[] {
  return factors.flatMap(({ labels }) => labels)
}
