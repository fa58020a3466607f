import type { ContractKernel, Program } from '@tensorweft/core'
import { isRead } from '../../wgsl/program-text.ts'
import { quadReads } from '../../wgsl/quad-program.ts'
import { type Quads, quadsOf } from '../../wgsl/quads.ts'
import { coefficientOf, innermost } from './axes.ts'

/**
 * How an operand is read. Each item of work is a block of four rows at four depths.
 * - `rows`: at each depth four rows are one vector.
 * - `depths`: in each row four depths are one vector; the block is transposed.
 * - `scalars`: value by value.
 * Neighbouring invocations take neighbouring blocks along K, or along the rows.
 */
export interface Reading {
  readonly by: 'rows' | 'depths' | 'scalars'
  readonly isAlongDepth: boolean
  /** What the vectors are of. */
  readonly quads: Quads | undefined
}

/** How to read an operand, whose rows are the points of `rows`. */
export function readingOf(
  program: Program,
  rows: readonly number[],
  { axes, k }: ContractKernel,
): Reading {
  const isAlongDepth = isNearer(program, innermost(k, axes), innermost(rows, axes), axes)
  const quads = quadsOf(isAlongDepth ? k : rows, axes, (quads) => {
    return quadReads(program, axes, quads).length > 0
  })
  const by = isAlongDepth ? 'depths' : 'rows'
  return { by: quads === undefined ? 'scalars' : by, isAlongDepth, quads }
}

/** Whether neighbours along axis `a` lie nearer in memory than those along axis `b`. */
function isNearer(
  program: Program,
  a: number | undefined,
  b: number | undefined,
  axes: readonly number[],
): boolean {
  const strideOf = (axis: number | undefined) => {
    if (axis === undefined) return Number.POSITIVE_INFINITY
    const strides = program.flatMap((step) => {
      const stride = isRead(step) ? Math.abs(coefficientOf(step.index, axis)) : 0
      return stride === 0 ? [] : [stride]
    })
    return Math.min(...strides)
  }
  const [strideA, strideB] = [strideOf(a), strideOf(b)]
  if (strideA !== strideB || a === undefined || b === undefined) return strideA < strideB
  // Of two axes with the same stride the longer one gives longer runs.
  return (axes[a] ?? 1) > (axes[b] ?? 1)
}
