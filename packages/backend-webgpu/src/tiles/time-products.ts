import {
  type BufferView,
  byteLengthOf,
  contractVersion,
  type Plan,
  type Step,
} from '@tensorweft/core'
import { WebGpuExecutable } from '../executable.ts'
import type { Runtime } from '../runtime.ts'
import type { TimeProducts } from './measure-tiles.ts'

/** Columns and depth of the product; only its rows vary, for which no text changes. */
const columns = 512
const depth = 256

/** Times products of row-major float32 matrices on a device. */
export function timeProducts(runtime: Runtime): TimeProducts {
  return async (tile, rows, times) => {
    const { buffers, executables } = runtime
    const plan = productPlan(rows)
    const tiles = { choose: () => tile, measure: async () => {} }
    const executable = new WebGpuExecutable(plan, { ...runtime, tiles })
    const views: BufferView[] = []
    try {
      for (const { dtype, size } of [...plan.inputs, ...plan.outputs]) {
        const byteLength = byteLengthOf(dtype, size)
        views.push({ buffer: buffers.allocate(byteLength), byteOffset: 0, byteLength })
      }
      return await executable.time(views.slice(0, 2), views.slice(2), times)
    } finally {
      // A backend that was disposed of has no memory any more.
      if (executables.has(executable)) for (const { buffer } of views) buffers.free(buffer)
      executable.dispose()
    }
  }
}

/** `out [rows, columns] = left [rows, depth] · right [depth, columns]` */
function productPlan(rows: number): Plan {
  const arrays = [
    { dtype: 'float32', size: rows * depth },
    { dtype: 'float32', size: depth * columns },
    { dtype: 'float32', size: rows * columns },
  ] as const
  const index = (...coefficients: readonly number[]) => ({
    constant: 0,
    terms: coefficients.flatMap((coefficient, axis) => (coefficient ? { axis, coefficient } : [])),
    digits: [],
  })
  const load = (operand: number, ...coefficients: readonly number[]): Step => {
    return { op: 'load', dtype: 'float32', operand, index: index(...coefficients), within: [] }
  }
  const [left, right, out] = arrays
  return {
    version: contractVersion,
    inputs: [left, right],
    outputs: [{ ...out, donated: undefined }],
    scalars: [],
    slots: [
      { in: 'input', input: 0, ...left },
      { in: 'input', input: 1, ...right },
      { in: 'output', output: 0, ...out },
    ],
    arenaByteLength: 0,
    kernels: [
      {
        kind: 'contract',
        label: 'product to be timed',
        axes: [rows, columns, depth],
        operands: arrays.map(({ dtype }, slot) => ({ slot, dtype })),
        batch: [],
        m: [0],
        n: [1],
        k: [2],
        left: { program: [load(0, depth, 0, 1)] },
        right: { program: [load(1, 0, 1, columns)] },
        epilogue: [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
        stores: [{ value: 0, operand: 2, index: index(columns, 1, 0) }],
      },
    ],
  }
}
