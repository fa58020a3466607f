import type { ContractKernel, Kernel, LoopKernel, Program } from '@tensorweft/core'

/**
 * Scalar operations that a kernel computes: every instruction of its programs at each point, two for
 * each product of a contraction and its sum, one for each value that a reduction combines. A sort
 * counts a comparison per value and doubling. A kernel that was written by hand is not counted.
 */
export function operationsOf(kernel: Kernel): number | undefined {
  switch (kernel.kind) {
    case 'map':
    case 'reduce':
    case 'row':
      return ofLoops(kernel)
    case 'contract':
      return ofContraction(kernel)
    case 'scan':
    case 'scatter':
      return points(kernel.axes) * (applied(kernel.program) + 1)
    case 'sort': {
      const row = points(kernel.axes.slice(kernel.outer))
      return points(kernel.axes) * (applied(kernel.program) + Math.ceil(Math.log2(row)))
    }
    case 'custom':
      return undefined
  }
}

function ofLoops({ axes, outer, stages }: LoopKernel): number {
  return stages.reduce((sum, { over, program, reductions }) => {
    const walked = over === 'all' ? axes : axes.slice(0, outer)
    return sum + points(walked) * (applied(program) + reductions.length)
  }, 0)
}

function ofContraction({ axes, batch, m, n, k, ...programs }: ContractKernel): number {
  const over = (...groups: readonly (readonly number[])[]) =>
    points(groups.flat().map((axis) => axes[axis] ?? 1))
  return (
    2 * over(batch, m, n, k) +
    applied(programs.left.program) * over(batch, m, k) +
    applied(programs.right.program) * over(batch, n, k) +
    applied(programs.epilogue) * over(batch, m, n)
  )
}

function applied(program: Program): number {
  return program.filter(({ op }) => op === 'apply').length
}

function points(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1)
}
