import { type ScatterKernel, type Step, sizeOf } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { splitLines } from '../wgsl/counters.ts'
import { indexText } from '../wgsl/index-text.ts'
import { combineText } from '../wgsl/instruction-text.ts'
import { block, programText } from '../wgsl/program-text.ts'
import { movementOf } from '../wgsl/quads.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import type { KernelShader } from './kernel-shader.ts'
import { packedStores } from './packed-stores.ts'
import { pointLines, walkScope } from './walk-scope.ts'

/** Rows from which their invocations are worth it. */
const fewestRows = 16
/** Points that one share of the targets is to have, and how many shares there are at most. */
const pointsPerShare = 32
const mostShares = 256

/**
 * Sums at places that are the same for all rows, as in the gradient of an embedding, where rows are
 * features and points are words. A workgroup has a share of the targets and some rows, one for each
 * invocation, which alone touches the row's elements at these targets: no barriers order its sums.
 * All invocations look for points of the share side by side and mark them as bits, which then are
 * gone through in the order of the points. Undefined where targets depend on the row.
 */
export function ownedScatterShader(
  kernel: ScatterKernel,
  bindings: Bindings,
): KernelShader | undefined {
  const { axes, outer, size } = kernel
  const rows = sizeOf(axes.slice(0, outer))
  const points = sizeOf(axes.slice(outer))
  if (rows < fewestRows || isOfRow(kernel.target, kernel)) return undefined
  const invocations = Math.min(Math.max(2 ** Math.ceil(Math.log2(rows)), 64), 256)
  const shares = Math.min(Math.max(Math.ceil(points / pointsPerShare), 1), mostShares, size)
  const blocks = Math.ceil(rows / invocations)
  const shader = new Shader(
    kernel,
    bindings,
    packedStores(kernel).map(({ operand }) => operand),
  )
  const all = axes.map((_, axis) => axis)
  const words = invocations / 32
  shader.declare(`var<workgroup> places: array<i32, ${invocations}>;`)
  shader.declare(`var<workgroup> marks: array<atomic<u32>, ${words}>;`)
  const count = shader.size(all.slice(outer))
  const body = [
    `let row = group / ${shares}u * ${invocations}u + local;`,
    `let share = i32(group % ${shares}u);`,
    `let is_row = row < ${shader.size(all.slice(0, outer))};`,
    ...splitLines('row', all.slice(0, outer), axes, (axis) => `i${axis}`),
    `for (var first = 0u; first < ${count}; first += ${invocations}u) {`,
    ...indent([
      `if (local < ${words}u) { atomicStore(&marks[local], 0u); }`,
      'workgroupBarrier();',
      'let own = first + local;',
      `if (own < ${count}) {`,
      ...indent(markLines(kernel, shader, shares)),
      '}',
      'workgroupBarrier();',
      'if (is_row) {',
      ...indent(addLines(kernel, shader, words)),
      '}',
      'workgroupBarrier();',
    ]),
    '}',
  ]
  return { code: shader.module(invocations, body), workgroups: rows === 0 ? 0 : shares * blocks }
}

/** Marks the invocation's point if its target is in the share. */
function markLines(kernel: ScatterKernel, shader: Shader, shares: number): string[] {
  const { lines, values } = programText(kernel.program, walkScope(kernel, shader))
  const place = values[kernel.target] ?? ''
  return [
    ...pointLines(kernel, 'own'),
    ...lines,
    `if ((${place} >= 0) & (${place} < ${kernel.size}) & (${place} % ${shares} == share)) {`,
    ...indent([`places[local] = ${place};`, 'atomicOr(&marks[local / 32u], 1u << (local % 32u));']),
    '}',
  ]
}

/** Adds the values of all marked points to the invocation's row. */
function addLines(kernel: ScatterKernel, shader: Shader, words: number): string[] {
  const { program, store, stride, operands } = kernel
  const scope = walkScope(kernel, shader)
  const { lines, values } = programText(program, scope)
  const dtype = operands[store.operand]?.dtype ?? 'float32'
  const { arrays, use } = shader
  const add = [
    ...pointLines(kernel, 'point'),
    ...lines,
    `let at = ${indexText(store.index, scope.counters)} + ${stride} * places[marked];`,
    `let before = ${arrays.load(store.operand, 'at')};`,
    `let total = ${combineText('sum', dtype, 'before', values[store.value] ?? '', use)};`,
    arrays.store(store.operand, 'at', 'total'),
  ]
  return [
    `for (var word = 0u; word < ${words}u; word++) {`,
    ...indent([
      'var bits = atomicLoad(&marks[word]);',
      'while (bits != 0u) {',
      ...indent([
        'let marked = word * 32u + firstTrailingBit(bits);',
        'let point = first + marked;',
        'bits &= bits - 1u;',
        ...block(add),
      ]),
      '}',
    ]),
    '}',
  ]
}

/** Whether a value depends on the row that it is computed for. */
function isOfRow(value: number, { program, axes, outer }: ScatterKernel): boolean {
  const rows = { axes: axes.map((_, axis) => axis).slice(0, outer), points: 0 }
  const isIndexed = (step: Step) => {
    const indices =
      step.op === 'load' || step.op === 'gather' || step.op === 'index' ? [step.index] : []
    const within = 'within' in step ? step.within.map(({ index }) => index) : []
    return [...indices, ...within].some((index) => movementOf(index, axes, rows) !== 'still')
  }
  const needs = (step: Step): readonly number[] => {
    if (step.op === 'apply') return step.args
    return step.op === 'gather' ? [step.offset] : []
  }
  const seen = new Set<number>()
  const visit = (value: number): boolean => {
    const step = program[value]
    if (step === undefined || seen.has(value)) return false
    seen.add(value)
    return isIndexed(step) || needs(step).some(visit)
  }
  return visit(value)
}
