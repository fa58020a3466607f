import type { ScatterKernel } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { indexText } from '../wgsl/index-text.ts'
import { combineText } from '../wgsl/instruction-text.ts'
import { literal } from '../wgsl/literal.ts'
import { programText } from '../wgsl/program-text.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import type { KernelShader } from './kernel-shader.ts'
import { packedStores } from './packed-stores.ts'
import { chooseRowLayout, type RowLayout, rowLength, rowLines } from './row-layout.ts'
import { ownedScatterShader } from './scatter-owned.ts'
import { pointLines, walkScope } from './walk-scope.ts'

/** Sums at computed places, always in the order of the points, without atomic additions. */
export function scatterShader(kernel: ScatterKernel, bindings: Bindings): KernelShader {
  return ownedScatterShader(kernel, bindings) ?? rowScatterShader(kernel, bindings)
}

/**
 * The lanes of a row take neighbouring points at a time; the first lane of those with a common
 * target adds the values of all of them.
 */
function rowScatterShader(kernel: ScatterKernel, bindings: Bindings): KernelShader {
  const layout = chooseRowLayout(kernel)
  const shader = new Shader(
    kernel,
    bindings,
    packedStores(kernel).map(({ operand }) => operand),
  )
  const { rows, lanes } = layout
  const length = rowLength(kernel, shader)
  const body = [
    ...rowLines(kernel, shader, layout),
    `for (var first = 0u; first < ${length}; first += ${lanes}u) {`,
    ...indent([
      ...evaluateLines(kernel, shader, length),
      ...(lanes === 1 ? addLines(kernel, shader, []) : addTogether(kernel, shader, layout)),
    ]),
    '}',
  ]
  return {
    code: shader.module(rows * lanes, body),
    workgroups: Math.ceil(layout.outerSize / rows),
  }
}

/** Leaves the point's `addend` and its `place`, which is −1 where nothing is to be added. */
function evaluateLines(kernel: ScatterKernel, shader: Shader, length: string): string[] {
  const { program, store, target, size } = kernel
  const { lines, values } = programText(program, walkScope(kernel, shader))
  const chosen = values[target]
  const dtype = dtypeOf(kernel)
  return [
    'var place = -1;',
    `var addend: ${typeOf(dtype)} = ${literal(0, dtype)};`,
    'let point = first + lane;',
    `if (is_row & (point < ${length})) {`,
    ...indent([
      ...pointLines(kernel, 'point'),
      ...lines,
      `place = select(-1, ${chosen}, (${chosen} >= 0) & (${chosen} < ${size}));`,
      `addend = ${values[store.value]};`,
    ]),
    '}',
  ]
}

/** Adds the values of all lanes; results must be in memory before the next points are added. */
function addTogether(kernel: ScatterKernel, shader: Shader, layout: RowLayout): string[] {
  const { rows, lanes } = layout
  const dtype = dtypeOf(kernel)
  shader.declare(`var<workgroup> places: array<i32, ${rows * lanes}>;`)
  shader.declare(`var<workgroup> addends: array<${typeOf(dtype)}, ${rows * lanes}>;`)
  const loop = (from: string, to: string, body: readonly string[]) => [
    `for (var other = ${from}; other < ${to}; other++) {`,
    ...indent([
      `let slot = other * ${rows}u + row_in_group;`,
      'if (places[slot] == place) {',
      ...indent(body),
      '}',
    ]),
    '}',
  ]
  const addOthers = loop('lane + 1u', `${lanes}u`, [
    'let right = addends[slot];',
    `total = ${combineText('sum', dtype, 'total', 'right', shader.use)};`,
  ])
  return [
    `places[lane * ${rows}u + row_in_group] = place;`,
    `addends[lane * ${rows}u + row_in_group] = addend;`,
    'workgroupBarrier();',
    'var is_first = true;',
    ...loop('0u', 'lane', ['is_first = false;']),
    'if (is_first) {',
    ...indent(addLines(kernel, shader, addOthers)),
    '}',
    'workgroupBarrier();',
    'storageBarrier();',
  ]
}

function addLines(kernel: ScatterKernel, shader: Shader, addOthers: readonly string[]): string[] {
  const { store, stride } = kernel
  const start = indexText(store.index, walkScope(kernel, shader).counters)
  const dtype = dtypeOf(kernel)
  return [
    'if (place >= 0) {',
    ...indent([
      `let at = ${start} + ${stride} * place;`,
      `var total = ${shader.arrays.load(store.operand, 'at')};`,
      `total = ${combineText('sum', dtype, 'total', 'addend', shader.use)};`,
      ...addOthers,
      shader.arrays.store(store.operand, 'at', 'total'),
    ]),
    '}',
  ]
}

function dtypeOf({ operands, store }: ScatterKernel) {
  return operands[store.operand]?.dtype ?? 'float32'
}
