import type { ScanKernel } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { indexText, withinText } from '../wgsl/index-text.ts'
import { combineText } from '../wgsl/instruction-text.ts'
import { programText } from '../wgsl/program-text.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import type { KernelShader } from './kernel-shader.ts'
import { packedStores } from './packed-stores.ts'
import { identityText } from './reduction-tree.ts'
import { chooseRowLayout, type RowLayout, rowLength, rowLines } from './row-layout.ts'
import type { ScanPass } from './scan-pass.ts'
import { pointLines, walkScope } from './walk-scope.ts'

/**
 * Running totals. The lanes of a row take neighbouring points, combine them in log₂(lanes) steps
 * (Hillis and Steele, "Data parallel algorithms", 1986) and go on behind them with the total so
 * far. The order of combinations depends on the shape alone.
 */
export function scanShader(kernel: ScanPass, bindings: Bindings): KernelShader {
  const layout = chooseRowLayout(kernel)
  const shader = new Shader(
    kernel,
    bindings,
    packedStores(kernel).map(({ operand }) => operand),
  )
  const { combiner, dtype } = kernel.reduction
  const { rows, lanes } = layout
  const length = rowLength(kernel, shader)
  const within = withinText(kernel.within ?? [], walkScope(kernel, shader).counters)
  const body = [
    ...rowLines(kernel, shader, layout),
    `var before: ${typeOf(dtype)} = ${identityText(combiner, dtype)};`,
    `for (var first = 0u; first < ${length}; first += ${lanes}u) {`,
    ...indent([
      'let point = first + lane;',
      ...pointLines(kernel, 'point'),
      `let is_point = is_row & (point < ${length}) & ${within};`,
      ...totalLines(kernel, shader, layout),
      ...storeLines(kernel, shader),
    ]),
    '}',
  ]
  return {
    code: shader.module(rows * lanes, body),
    workgroups: Math.ceil(layout.outerSize / rows),
  }
}

/** Leaves the total of a point in `total` and the one of the last lane's point in `before`. */
function totalLines(kernel: ScanKernel, shader: Shader, { rows, lanes }: RowLayout): string[] {
  const { combiner, dtype, value } = kernel.reduction
  const { lines, values } = programText(kernel.program, walkScope(kernel, shader))
  const combine = (a: string, b: string) => combineText(combiner, dtype, a, b, shader.use)
  const evaluate = [
    `var total: ${typeOf(dtype)} = ${identityText(combiner, dtype)};`,
    'if (is_point) {',
    ...indent([...lines, `total = ${values[value]};`]),
    '}',
  ]
  if (lanes === 1) return [...evaluate, `total = ${combine('before', 'total')};`, 'before = total;']
  shader.declare(`var<workgroup> totals: array<${typeOf(dtype)}, ${rows * lanes}>;`)
  return [
    ...evaluate,
    `let slot = lane * ${rows}u + row_in_group;`,
    'totals[slot] = total;',
    'workgroupBarrier();',
    `for (var gap = 1u; gap < ${lanes}u; gap *= 2u) {`,
    ...indent([
      'if (lane >= gap) {',
      ...indent([
        `let left = totals[slot - gap * ${rows}u];`,
        `total = ${combine('left', 'total')};`,
      ]),
      '}',
      'workgroupBarrier();',
      'totals[slot] = total;',
      'workgroupBarrier();',
    ]),
    '}',
    `total = ${combine('before', 'total')};`,
    `let all = totals[${(lanes - 1) * rows}u + row_in_group];`,
    `before = ${combine('before', 'all')};`,
    'workgroupBarrier();',
  ]
}

function storeLines(kernel: ScanKernel, shader: Shader): string[] {
  const { operand, index } = kernel.store
  const at = indexText(index, walkScope(kernel, shader).counters)
  return ['if (is_point) {', ...indent([shader.arrays.store(operand, at, 'total')]), '}']
}
