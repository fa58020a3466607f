import { type Combiner, type DType, identityOf } from '@tensorweft/core'
import { combineText } from '../wgsl/instruction-text.ts'
import { literal } from '../wgsl/literal.ts'
import { indent, type Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'

export function identityText(combiner: Combiner, dtype: DType): string {
  return literal(identityOf(combiner, dtype), dtype)
}

/**
 * Combines the variable `name` of the lanes of each row, halving their number step by step: the
 * order depends on the shape alone. Afterwards the variable holds the result in every lane.
 */
export function treeLines(
  shader: Shader,
  combiner: Combiner,
  dtype: DType,
  name: string,
  rows: number,
  lanes: number,
): string[] {
  const type = typeOf(dtype)
  const scratch = `scratch_${type}`
  shader.declare(`var<workgroup> ${scratch}: array<${type}, ${rows * lanes}>;`)
  const other = `${scratch}[slot + width * ${rows}u]`
  return [
    `let slot = lane * ${rows}u + row_in_group;`,
    `${scratch}[slot] = ${name};`,
    'workgroupBarrier();',
    `for (var width = ${lanes / 2}u; width > 0u; width /= 2u) {`,
    ...indent([
      'if (lane < width) {',
      ...indent([
        `let left = ${scratch}[slot];`,
        `let right = ${other};`,
        `${scratch}[slot] = ${combineText(combiner, dtype, 'left', 'right', shader.use)};`,
      ]),
      '}',
      'workgroupBarrier();',
    ]),
    '}',
    `${name} = ${scratch}[row_in_group];`,
    'workgroupBarrier();',
  ]
}
