import { type SortKernel, sizeOf } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import type { Use } from '../wgsl/instruction-text.ts'
import { programText } from '../wgsl/program-text.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import { type ValueDType, valueDType } from '../wgsl/value-type.ts'
import type { KernelShader } from './kernel-shader.ts'
import { mergeShader } from './merge.ts'
import { blockPoints, type SortPass } from './sort-pass.ts'
import { orderText, rowCount, rowCounters, rowLength, storeEntry } from './sort-text.ts'
import { pointLines, walkScope } from './walk-scope.ts'

/** Points of the short rows that one workgroup sorts together. */
const groupPoints = 256
const maxInvocations = 256

/** Sorts rows that a workgroup can hold, or does one pass of a longer sort. */
export function sortShader(kernel: SortPass, bindings: Bindings): KernelShader {
  const { pass } = kernel
  return pass === 'merge' || pass === 'last'
    ? mergeShader(kernel, bindings)
    : blockShader(kernel, bindings)
}

/**
 * Rows, or blocks of them, in workgroup memory, padded with keys and positions that stay behind all
 * others. The bitonic network (Batcher, "Sorting networks and their applications", 1968) in the
 * form that moves the smaller key of each pair to the front, on keys and positions: no two pairs
 * are equal, so that the order is stable.
 */
function blockShader(kernel: SortPass, bindings: Bindings): KernelShader {
  const rows = sizeOf(kernel.axes.slice(0, kernel.outer))
  const length = sizeOf(kernel.axes.slice(kernel.outer))
  const size = Math.min(2 ** Math.ceil(Math.log2(Math.max(length, 1))), blockPoints)
  const blocks = rows * Math.ceil(length / size)
  const blocksPerGroup = Math.max(groupPoints / size, 1)
  const points = blocksPerGroup * size
  const invocations = Math.min(points / 2, maxInvocations)
  const shader = new Shader(kernel, bindings, [])
  shader.declare(`var<workgroup> keys: array<u32, ${points}>;`)
  shader.declare(`var<workgroup> positions: array<u32, ${points}>;`)
  const forEachPoint = (body: readonly string[]) => [
    `for (var slot = local; slot < ${points}u; slot += ${invocations}u) {`,
    ...indent([
      `let block = group * ${blocksPerGroup}u + slot / ${size}u;`,
      'let row = block / blocks;',
      `let point = (block % blocks) * ${size}u + slot % ${size}u;`,
      'let is_point = (row < rows) & (point < row_length);',
      ...body,
    ]),
    '}',
  ]
  const body = [
    `let rows = ${rowCount(kernel, shader)};`,
    `let row_length = ${rowLength(kernel, shader)};`,
    `let blocks = (row_length + ${size - 1}u) / ${size}u;`,
    ...forEachPoint([
      'var key = 0xffffffffu;',
      'if (is_point) {',
      ...indent([...counterLines(kernel), ...keyLines(kernel, shader)]),
      '}',
      'keys[slot] = key;',
      'positions[slot] = point;',
    ]),
    'workgroupBarrier();',
    ...networkLines(size, points / 2, invocations),
    ...forEachPoint(['if (is_point) {', ...indent(storeLines(kernel, shader)), '}']),
  ]
  const workgroups = Math.ceil(blocks / blocksPerGroup)
  return { code: shader.module(invocations, body), workgroups }
}

/** Sorts all blocks, so many `pairs` of whose points are compared at a time. */
function networkLines(size: number, pairs: number, invocations: number): string[] {
  const eachPair = [
    `for (var pair = local; pair < ${pairs}u; pair += ${invocations}u) {`,
    ...indent([
      'let place = pair % gap;',
      'let low = (pair - place) * 2u + place;',
      // Merging starts with pairs from both ends: a sorted half and the other one in reverse.
      'let high = select(low + gap, low + 2u * (gap - place) - 1u, gap * 2u == size);',
      'let key = keys[low];',
      'let position = positions[low];',
      'let other = keys[high];',
      'if (key > other || (key == other && position > positions[high])) {',
      ...indent([
        'keys[low] = other;',
        'keys[high] = key;',
        'positions[low] = positions[high];',
        'positions[high] = position;',
      ]),
      '}',
    ]),
    '}',
    'workgroupBarrier();',
  ]
  return [
    `for (var size = 2u; size <= ${size}u; size *= 2u) {`,
    ...indent(['for (var gap = size / 2u; gap > 0u; gap /= 2u) {', ...indent(eachPair), '}']),
    '}',
  ]
}

function counterLines(kernel: SortKernel): string[] {
  return [...rowCounters(kernel), ...pointLines(kernel, 'point')]
}

/** Stores what is at a slot, which is the order of its point. */
function storeLines(kernel: SortPass, shader: Shader): string[] {
  if (kernel.pass === undefined) {
    return [...counterLines(kernel), orderText(kernel, shader, 'i32(positions[slot])')]
  }
  const entry = storeEntry(kernel, shader, 'entry', 'keys[slot]', 'positions[slot]')
  return ['let total = rows * row_length;', 'let entry = row * row_length + point;', ...entry]
}

/** Statements that set the variable `key` to that of the point of the counters. */
function keyLines(kernel: SortKernel, shader: Shader): string[] {
  const { program, store, descending } = kernel
  const { lines, values } = programText(program, walkScope(kernel, shader))
  const dtype = program[store.value]?.dtype ?? 'float32'
  const key = keyText(values[store.value] ?? '', valueDType(dtype), descending, shader.use)
  return [...lines, `key = ${key};`]
}

/** A value as a u32 that sorts as the value does. */
function keyText(value: string, dtype: ValueDType, descending: boolean, use: Use): string {
  const flip = descending ? '0xffffffffu' : '0u'
  switch (dtype) {
    case 'float32':
      return `${use('sort_key')}(${value}, ${flip})`
    case 'float16':
      return keyText(`unpack2x16float(${value}).x`, 'float32', descending, use)
    case 'int32':
      return `bitcast<u32>(${value}) ^ 0x80000000u ^ ${flip}`
    case 'uint8':
      return `${value} ^ ${flip}`
    case 'bool':
      return `select(0u, 1u, ${value}) ^ ${flip}`
  }
}
