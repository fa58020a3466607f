import type { HandWrittenKernel, TensorSpec } from '@tensorweft/core'

/**
 * Softmax along the last axis for backend-cpu, as a plain function on typed arrays.
 *
 * ```ts
 * registerKernel(softmax, 'cpu', softmaxOnCpu)
 * ```
 */
export const softmaxOnCpu: HandWrittenKernel<{ x: TensorSpec; axis?: number }> = {
  supports: ({ x, axis = -1 }) =>
    x.shape.length > 0 && (axis === -1 || axis === x.shape.length - 1),

  run: ({ x }, output) => {
    const columns = x.shape.at(-1) ?? 1
    for (let start = 0; start < x.data.length; start += columns) {
      const row = x.data.subarray(start, start + columns)
      let largest = Number.NEGATIVE_INFINITY
      for (const value of row) largest = Math.max(largest, value)
      let total = 0
      for (const value of row) total += Math.exp(value - largest)
      row.forEach((value, i) => {
        output.data[start + i] = Math.exp(value - largest) / total
      })
    }
  },
}
