import { BackendError, type ContractKernel, type DType, sizeOf } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { splitLines } from '../wgsl/counters.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import { byteStores } from './byte-stores.ts'
import { finishLines } from './contract-epilogue.ts'
import { ContractSide } from './contract-side.ts'
import { invocations, rowsPerInvocation, tileDepth, tileRows } from './contract-tile.ts'
import type { KernelShader } from './kernel-shader.ts'

/** Tiles of K that are summed before they are added to the total: long sums stay accurate. */
const partialTiles = 16

/**
 * The one template of all contractions. A workgroup makes a tile of 32 × 32 sums: it copies 32 × 16
 * values of each operand into its own memory, evaluating the operand's program for each, and every
 * invocation multiplies 4 rows by 4 columns of them, tile after tile of K. The epilogue runs over
 * the sums. Rows, columns and depths beyond the extents are zeros and are not stored.
 */
export function contractShader(kernel: ContractKernel, bindings: Bindings): KernelShader {
  const extent = (group: readonly number[]) => sizeOf(group.map((axis) => kernel.axes[axis] ?? 1))
  const batch = extent(kernel.batch)
  const m = extent(kernel.m)
  const n = extent(kernel.n)
  const k = extent(kernel.k)
  const rowTiles = Math.ceil(m / tileRows)
  const columnTiles = Math.ceil(n / tileRows)
  const workgroups = batch * rowTiles * columnTiles
  const dtype = dtypeOf(kernel)
  const shared = byteStores(kernel).map(({ operand }) => operand)
  const shader = new Shader(kernel, bindings, shared)
  const left = new ContractSide(kernel, shader, 'left', m, k)
  const right = new ContractSide(kernel, shader, 'right', n, k)
  const body = [
    `if (group >= ${workgroups}u) { return; }`,
    `let batch = group / ${rowTiles * columnTiles}u;`,
    `let tile = group % ${rowTiles * columnTiles}u;`,
    `let first_row = tile / ${columnTiles}u * ${tileRows}u;`,
    `let first_column = tile % ${columnTiles}u * ${tileRows}u;`,
    `let own_row = local / 8u * ${rowsPerInvocation}u;`,
    `let own_column = local % 8u * ${rowsPerInvocation}u;`,
    ...splitLines('batch', kernel.batch, kernel.axes, (axis) => `i${axis}`),
    ...left.prepare(),
    ...right.prepare(),
    ...accumulate(dtype, k, left, right),
    ...finishLines(kernel, shader, dtype, m, n),
  ]
  return { code: shader.module(invocations, body), workgroups }
}

function dtypeOf({ label, left, right }: ContractKernel): DType {
  const dtype = left.program.at(-1)?.dtype
  const other = right.program.at(-1)?.dtype
  if (dtype !== undefined && dtype === other && dtype !== 'bool') return dtype
  throw new BackendError('webgpu.compile', {
    got: `a contraction of ${dtype} and ${other} in '${label}'`,
    wanted: 'two operands of one dtype, which is not bool',
  })
}

/** The loop over K, which leaves the sums of row r in `sum<r>`, a vector of four columns. */
function accumulate(dtype: DType, k: number, left: ContractSide, right: ContractSide): string[] {
  const type = `vec4<${typeOf(dtype)}>`
  const rows = Array.from({ length: rowsPerInvocation }, (_, r) => r)
  const isLong = k > tileDepth * partialTiles
  const tile = (name: string) => [
    ...left.load(),
    ...right.load(),
    'workgroupBarrier();',
    `for (var k = 0u; k < ${tileDepth}u; k++) {`,
    ...indent(multiply(name)),
    '}',
    'workgroupBarrier();',
  ]
  const declare = (name: string) => rows.map((r) => `var ${name}${r} = ${type}();`)
  const loop = (end: string, name: string) => [
    `for (; depth < ${end}; depth += ${tileDepth}u) {`,
    ...indent(tile(name)),
    '}',
  ]
  if (!isLong) return [...declare('sum'), 'var depth = 0u;', ...loop(`${k}u`, 'sum')]
  return [
    ...declare('sum'),
    'var depth = 0u;',
    `while (depth < ${k}u) {`,
    ...indent([
      ...declare('partial'),
      `let end = min(depth + ${tileDepth * partialTiles}u, ${k}u);`,
      ...loop('end', 'partial'),
      ...rows.map((r) => `sum${r} += partial${r};`),
    ]),
    '}',
  ]
}

function multiply(name: string): string[] {
  const rows = Array.from({ length: rowsPerInvocation }, (_, r) => r)
  const at = (tile: string, own: string, r: number) => `${tile}[k * ${tileRows}u + ${own} + ${r}u]`
  const columns = rows.map((r) => at('right_tile', 'own_column', r)).join(', ')
  return [
    `let columns = vec4(${columns});`,
    ...rows.map((r) => `${name}${r} += ${at('left_tile', 'own_row', r)} * columns;`),
  ]
}
