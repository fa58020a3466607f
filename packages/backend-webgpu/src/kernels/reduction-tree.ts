import { type Combiner, type DType, identityOf } from '@tensorweft/core'
import { combineText } from '../wgsl/instruction-text.ts'
import { literal } from '../wgsl/literal.ts'
import { indent, type Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import type { RowLayout } from './row-layout.ts'

export function identityText(combiner: Combiner, dtype: DType): string {
  return literal(identityOf(combiner, dtype), dtype)
}

/** How the lanes of rows are combined. */
export interface Tree {
  readonly shader: Shader
  readonly layout: RowLayout
  /** Invocations of every subgroup, which are neighbours in their workgroup; 1 without subgroups. */
  readonly subgroupSize: number
}

/**
 * Combines variables of the lanes of each row; afterwards they hold the results in every lane. Lanes
 * of one subgroup are combined by exchanges in which all of them get the result; what is left goes through the memory of the workgroup in two steps, with three
 * barriers in all. The order depends on the shape and the size of subgroups alone.
 */
export function treeLines(
  { shader, layout, subgroupSize }: Tree,
  combiner: Combiner,
  dtype: DType,
  names: readonly string[],
): string[] {
  const { rows, lanes, rowsAreFastest } = layout
  const canExchange = !rowsAreFastest && dtype !== 'bool'
  const together = canExchange ? Math.min(lanes, subgroupSize) : 1
  const combine = (name: string, left: string, right: string) =>
    `${name} = ${combineText(combiner, dtype, left, right, shader.use)};`
  const lines: string[] = []
  for (let width = together / 2; width >= 1; width /= 2) {
    shader.enable('subgroups')
    for (const name of names) {
      const other = `${name}_from_${width}`
      const exchange = `let ${other} = subgroupShuffleXor(${name}, ${width}u);`
      lines.push(exchange, combine(name, name, other))
    }
  }
  const partials = lanes / together
  if (partials === 1) return lines
  const type = typeOf(dtype)
  const places = (rows * lanes) / together
  const scratch = `scratch${names.length}_${type}`
  shader.declare(`var<workgroup> ${scratch}: array<${type}, ${names.length * places}>;`)
  const at = (partial: string, k: number) =>
    `${scratch}[${k * places}u + (${partial}) * ${rows}u + row_in_group]`
  // The square root of their number is what costs least in two steps.
  const middle = partials <= 8 ? partials : 2 ** Math.ceil(Math.log2(partials) / 2)
  const load = (from: string) => names.map((name, k) => `${name} = ${at(from, k)};`)
  const store = (to: string) => names.map((name, k) => `${at(to, k)} = ${name};`)
  const sum = (first: string, count: number, stride: number) => [
    ...load(first),
    `for (var k = 1u; k < ${count}u; k++) {`,
    ...indent(names.map((name, k) => combine(name, name, at(`${first} + ${stride}u * k`, k)))),
    '}',
  ]
  const storeAll =
    together === 1
      ? store('lane')
      : [`if (lane % ${together}u == 0u) {`, ...indent(store(`lane / ${together}u`)), '}']
  const reduceToMiddle = [
    `if (lane < ${middle}u) {`,
    ...indent([...sum('lane', partials / middle, middle), ...store('lane')]),
    '}',
    'workgroupBarrier();',
  ]
  return [
    ...lines,
    ...storeAll,
    'workgroupBarrier();',
    ...(middle === partials ? [] : reduceToMiddle),
    ...sum('0u', middle, 1),
    'workgroupBarrier();',
  ]
}
