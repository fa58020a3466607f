import { sizeOf } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import type { KernelShader } from './kernel-shader.ts'
import { blockPoints, type SortPass } from './sort-pass.ts'
import { orderText, rowCount, rowCounters, rowLength, storeEntry } from './sort-text.ts'
import { pointLines } from './walk-scope.ts'

const invocations = 256

/**
 * Merges pairs of neighbouring runs. Each workgroup makes a tile of the result, as many points as it
 * can hold the keys of; where it begins and ends in both runs is found by bisection (Green, McColl
 * and Bader, "GPU merge path", 2012), the place of each key in the tile as well. Points of the left
 * run come first among equals, so that the order is stable.
 */
export function mergeShader(kernel: SortPass, bindings: Bindings): KernelShader {
  const { axes, outer } = kernel
  const runAxis = axes.length - 1
  const whole = { ...kernel, axes: axes.slice(0, runAxis) }
  const shader = new Shader(kernel, bindings, [])
  shader.declare(`var<workgroup> keys: array<u32, ${blockPoints}>;`)
  shader.declare('var<workgroup> cuts: array<u32, 2>;')
  const load = (at: string) => shader.arrays.loadWord(0, at)
  const body = [
    `let row_length = ${rowLength(whole, shader)};`,
    `let total = ${rowCount(whole, shader)} * row_length;`,
    `let run = ${shader.size([runAxis])};`,
    `let tiles = (row_length + ${blockPoints - 1}u) / ${blockPoints}u;`,
    'let row = group / tiles;',
    'let entries = row * row_length;',
    'if (entries >= total) { return; }',
    `let start = (group % tiles) * ${blockPoints}u;`,
    'let left = start - start % (2u * run);',
    'let right = min(left + run, row_length);',
    'let end = min(right + run, row_length);',
    `let count = min(${blockPoints}u, end - start);`,
    ...cutLines(load),
    ...forEachKey([`keys[slot] = ${load('source')};`]),
    'workgroupBarrier();',
    ...forEachKey([
      ...placeLines,
      `let position = ${load('total + source')};`,
      ...storeLines(kernel, whole, shader),
    ]),
  ]
  const tiles = Math.ceil(sizeOf(whole.axes.slice(outer)) / blockPoints)
  const workgroups = sizeOf(axes.slice(0, outer)) * tiles
  return { code: shader.module(invocations, body), workgroups }
}

/** Finds how many points of the left run come before the tile, and before its end. */
function cutLines(load: (at: string) => string): string[] {
  return [
    'if (local < 2u) {',
    ...indent([
      'let before = start - left + local * count;',
      'var low = before - min(before, end - right);',
      'var high = min(before, right - left);',
      ...bisectLines([
        `let key = ${load('entries + left + middle')};`,
        `let is_below = key <= ${load('entries + right + before - middle - 1u')};`,
      ]),
      'cuts[local] = low;',
    ]),
    '}',
    'workgroupBarrier();',
    'let left_count = cuts[1] - cuts[0];',
    'let first_left = entries + left + cuts[0];',
    'let first_right = entries + right + start - left - cuts[1];',
  ]
}

/** Runs `body` on the keys of the tile, first those of the left run. */
function forEachKey(body: readonly string[]): string[] {
  return [
    `for (var slot = local; slot < count; slot += ${invocations}u) {`,
    ...indent([
      'let is_left = slot < left_count;',
      'let source = slot + select(first_right, first_left, is_left);',
      ...body,
    ]),
    '}',
  ]
}

/** Moves `low` and `high` to the first place that is not below. */
function bisectLines(isBelow: readonly string[]): string[] {
  return [
    'while (low < high) {',
    ...indent([
      'let middle = (low + high) / 2u;',
      ...isBelow,
      'if (is_below) { low = middle + 1u; } else { high = middle; }',
    ]),
    '}',
  ]
}

/** The place of a key in its row: those before it in its run, and those below it in the other. */
const placeLines = [
  'let key = keys[slot];',
  'var low = select(0u, left_count, is_left);',
  'var high = select(left_count, count, is_left);',
  ...bisectLines([
    'let other = keys[middle];',
    'let is_below = other < key || (other == key && !is_left);',
  ]),
  'let place = start + slot + low - left_count;',
]

function storeLines(kernel: SortPass, whole: SortPass, shader: Shader): string[] {
  if (kernel.pass === 'merge') {
    return storeEntry(kernel, shader, 'entries + place', 'key', 'position')
  }
  const counters = [...rowCounters(whole), ...pointLines(whole, 'place')]
  return [...counters, orderText(kernel, shader, 'i32(position)')]
}
