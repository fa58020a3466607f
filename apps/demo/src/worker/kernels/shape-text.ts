import type { Kernel } from '@tensorweft/core'

/** The sizes that a kernel loops over, in words: what it makes, and what it sums or orders. */
export function shapeText(kernel: Kernel): string {
  const { axes } = kernel
  switch (kernel.kind) {
    case 'map':
      return sizes(axes)
    case 'reduce':
    case 'row':
      return `${sizes(axes.slice(0, kernel.outer))} over ${sizes(axes.slice(kernel.outer))}`
    case 'contract': {
      const of = (group: readonly number[]) => sizes(group.map((axis) => axes[axis] ?? 1))
      const batch = kernel.batch.length > 0 ? `${of(kernel.batch)} of ` : ''
      return `${batch}${of(kernel.m)} by ${of(kernel.n)} over ${of(kernel.k)}`
    }
    case 'scan':
    case 'sort':
    case 'scatter':
      return `${sizes(axes.slice(0, kernel.outer))}, in order ${sizes(axes.slice(kernel.outer))}`
    case 'custom':
      return sizes(kernel.call.shape)
  }
}

function sizes(list: readonly number[]): string {
  return `[${list.join(', ')}]`
}
