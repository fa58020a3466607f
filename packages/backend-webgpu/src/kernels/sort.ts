import { type SortKernel, sizeOf } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { splitLines } from '../wgsl/counters.ts'
import { indexText } from '../wgsl/index-text.ts'
import type { Use } from '../wgsl/instruction-text.ts'
import { block, programText } from '../wgsl/program-text.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import { type ValueDType, valueDType } from '../wgsl/value-type.ts'
import type { KernelShader } from './kernel-shader.ts'
import { pointLines, walkScope } from './walk-scope.ts'

/** Rows of up to this many points are sorted in workgroup memory: 16 KiB of keys and positions. */
const sharedPoints = 2048
/** Points of the short rows that one workgroup sorts together. */
const groupPoints = 256
const maxInvocations = 256

interface SortSizes {
  readonly rows: number
  readonly length: number
  /** Length of the network: the power of two from `length` on. */
  readonly padded: number
}

/**
 * The bitonic network (Batcher, "Sorting networks and their applications", 1968) in the form that
 * moves the smaller key of each pair to the front, on keys and positions: no two pairs are equal,
 * so that the order is stable.
 */
export function sortShader(kernel: SortKernel, bindings: Bindings): KernelShader {
  const rows = sizeOf(kernel.axes.slice(0, kernel.outer))
  const length = sizeOf(kernel.axes.slice(kernel.outer))
  const padded = 2 ** Math.ceil(Math.log2(Math.max(length, 1)))
  const shader = new Shader(kernel, bindings, [])
  const sizes = { rows: length === 0 ? 0 : rows, length, padded }
  const write = padded <= sharedPoints ? sharedSort : storedSort
  return write(kernel, shader, sizes)
}

/** Whole rows in workgroup memory, padded with keys and positions that stay behind all others. */
function sharedSort(kernel: SortKernel, shader: Shader, sizes: SortSizes): KernelShader {
  const { rows, length, padded } = sizes
  const rowsPerGroup = Math.max(groupPoints / padded, 1)
  const points = rowsPerGroup * padded
  const invocations = Math.min(points / 2, maxInvocations)
  shader.declare(`var<workgroup> keys: array<u32, ${points}>;`)
  shader.declare(`var<workgroup> positions: array<u32, ${points}>;`)
  const forEachPoint = (body: readonly string[]) => [
    `for (var slot = local; slot < ${points}u; slot += ${invocations}u) {`,
    ...indent([
      `let point = slot % ${padded}u;`,
      `let row = group * ${rowsPerGroup}u + slot / ${padded}u;`,
      `let is_point = (row < ${rowCount(kernel, shader)}) & (point < ${length}u);`,
      ...rowCounters(kernel),
      ...body,
    ]),
    '}',
  ]
  const exchange = [
    'if (is_after(keys[low], positions[low], keys[high], positions[high])) {',
    ...indent([
      'let key = keys[low];',
      'keys[low] = keys[high];',
      'keys[high] = key;',
      'let position = positions[low];',
      'positions[low] = positions[high];',
      'positions[high] = position;',
    ]),
    '}',
  ]
  const body = [
    ...forEachPoint([
      'var key = 0xffffffffu;',
      'if (is_point) {',
      ...indent(keyLines(kernel, shader, 'point', 'key')),
      '}',
      'keys[slot] = key;',
      'positions[slot] = point;',
    ]),
    'workgroupBarrier();',
    ...networkLines(padded, points / 2, invocations, exchange, 'workgroupBarrier();'),
    ...forEachPoint([
      'if (is_point) {',
      ...indent([
        ...pointLines(kernel, 'point'),
        storeText(kernel, shader, 'i32(positions[slot])'),
      ]),
      '}',
    ]),
  ]
  shader.declare(isAfter)
  return { code: shader.module(invocations, body), workgroups: Math.ceil(rows / rowsPerGroup) }
}

/**
 * A long row, by one workgroup: positions are exchanged where they are stored, keys computed anew
 * for each comparison. What would lie behind the end of the row never moves.
 */
function storedSort(kernel: SortKernel, shader: Shader, sizes: SortSizes): KernelShader {
  const { rows, length, padded } = sizes
  const position = (point: string, name: string) => [
    `var ${name} = 0u;`,
    ...block([...pointLines(kernel, point), `${name} = u32(${loadText(kernel, shader)});`]),
  ]
  const key = (point: string, name: string) => [
    `var ${name} = 0u;`,
    ...block(keyLines(kernel, shader, point, name)),
  ]
  const store = (point: string, value: string) =>
    block([...pointLines(kernel, point), storeText(kernel, shader, `i32(${value})`)])
  const exchange = [
    `if (high < ${length}u) {`,
    ...indent([
      ...position('low', 'left'),
      ...position('high', 'right'),
      ...key('left', 'left_key'),
      ...key('right', 'right_key'),
      'if (is_after(left_key, left, right_key, right)) {',
      ...indent([...store('low', 'right'), ...store('high', 'left')]),
      '}',
    ]),
    '}',
  ]
  const body = [
    `if (group >= ${rowCount(kernel, shader)}) { return; }`,
    'let row = group;',
    ...rowCounters(kernel),
    `for (var point = local; point < ${length}u; point += ${maxInvocations}u) {`,
    ...indent(store('point', 'point')),
    '}',
    'storageBarrier();',
    ...networkLines(padded, padded / 2, maxInvocations, exchange, 'storageBarrier();'),
  ]
  shader.declare(isAfter)
  return { code: shader.module(maxInvocations, body), workgroups: rows }
}

/** Runs `exchange` on `low` and `high` of every pair of the network, `pairs` at a time. */
function networkLines(
  padded: number,
  pairs: number,
  invocations: number,
  exchange: readonly string[],
  barrier: string,
): string[] {
  const eachPair = [
    `for (var pair = local; pair < ${pairs}u; pair += ${invocations}u) {`,
    ...indent([
      'let place = pair % gap;',
      'let low = (pair - place) * 2u + place;',
      // Merging starts with pairs from both ends: a sorted half and the other one in reverse.
      'let high = select(low + gap, low + 2u * (gap - place) - 1u, gap * 2u == size);',
      ...exchange,
    ]),
    '}',
  ]
  return [
    `for (var size = 2u; size <= ${padded}u; size *= 2u) {`,
    ...indent([
      'for (var gap = size / 2u; gap > 0u; gap /= 2u) {',
      ...indent([...eachPair, barrier]),
      '}',
    ]),
    '}',
  ]
}

const isAfter = `
fn is_after(left_key: u32, left: u32, right_key: u32, right: u32) -> bool {
  return (left_key > right_key) | ((left_key == right_key) & (left > right));
}`.trim()

function rowCount({ axes, outer }: SortKernel, shader: Shader): string {
  return shader.size(axes.map((_, axis) => axis).slice(0, outer))
}

function rowCounters({ axes, outer }: SortKernel): string[] {
  const outerAxes = axes.map((_, axis) => axis).slice(0, outer)
  return splitLines('row', outerAxes, axes, (axis) => `i${axis}`)
}

/** Statements that set the variable `name` to the key of a point. */
function keyLines(kernel: SortKernel, shader: Shader, point: string, name: string): string[] {
  const { program, store, descending } = kernel
  const { lines, values } = programText(program, walkScope(kernel, shader))
  const dtype = program[store.value]?.dtype ?? 'float32'
  const key = keyText(values[store.value] ?? '', valueDType(dtype), descending, shader.use)
  return [...pointLines(kernel, point), ...lines, `${name} = ${key};`]
}

/** A value as a u32 that sorts as the value does. */
function keyText(value: string, dtype: ValueDType, descending: boolean, use: Use): string {
  const directed = (key: string) => (descending ? `~(${key})` : key)
  switch (dtype) {
    case 'float32':
      return `${use(descending ? 'descending_key' : 'ascending_key')}(${value})`
    case 'float16':
      return keyText(`unpack2x16float(${value}).x`, 'float32', descending, use)
    case 'int32':
      return directed(`bitcast<u32>(${value}) ^ 0x80000000u`)
    case 'uint8':
      return directed(value)
    case 'bool':
      return directed(`select(0u, 1u, ${value})`)
  }
}

function storeText(kernel: SortKernel, shader: Shader, position: string): string {
  return shader.arrays.store(kernel.store.operand, storeIndex(kernel, shader), position)
}

function loadText(kernel: SortKernel, shader: Shader): string {
  return shader.arrays.load(kernel.store.operand, storeIndex(kernel, shader))
}

function storeIndex(kernel: SortKernel, shader: Shader): string {
  return indexText(kernel.store.index, walkScope(kernel, shader).counters)
}
