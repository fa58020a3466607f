import type { ContractKernel, DType } from '@tensorweft/core'
import { axisCounters, splitLines } from '../wgsl/counters.ts'
import { programText, storeLines } from '../wgsl/program-text.ts'
import { indent, type Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import { rowsPerInvocation } from './contract-tile.ts'

/** Statements that run the epilogue on the 4 × 4 sums of an invocation, given the extents. */
export function finishLines(
  kernel: ContractKernel,
  shader: Shader,
  dtype: DType,
  m: number,
  n: number,
): string[] {
  const { axes } = kernel
  const name = (axis: number) => `i${axis}`
  // Bytes wrap once, at the end: sums of products agree modulo 256 all the way.
  const sum = dtype === 'uint8' ? 'sums[r][c] & 255u' : 'sums[r][c]'
  const scope = { shader, counters: axisCounters(axes), reduced: () => sum }
  const { lines, values } = programText(kernel.epilogue, scope)
  const type = `array<vec4<${typeOf(dtype)}>, ${rowsPerInvocation}>`
  const rows = Array.from({ length: rowsPerInvocation }, (_, r) => `sum${r}`)
  const loop = (counter: string, number: string, extent: number, body: readonly string[]) => [
    `for (var ${counter} = 0u; ${counter} < ${rowsPerInvocation}u; ${counter}++) {`,
    ...indent([
      `let ${number} = first_${number} + own_${number} + ${counter};`,
      `if (${number} >= ${extent}u) { break; }`,
      ...body,
    ]),
    '}',
  ]
  const columns = loop('c', 'column', n, [
    ...splitLines('column', kernel.n, axes, name),
    ...lines,
    ...storeLines(kernel.stores, values, scope),
  ])
  return [
    `var sums = ${type}(${rows.join(', ')});`,
    ...loop('r', 'row', m, [...splitLines('row', kernel.m, axes, name), ...columns]),
  ]
}
