import {
  BackendError,
  type ScanKernel,
  type ScatterKernel,
  type SortKernel,
} from '@tensorweft/core'
import { axisCounters, splitLines } from '../wgsl/counters.ts'
import type { Scope } from '../wgsl/program-text.ts'
import type { Shader } from '../wgsl/shader.ts'

type WalkKernel = ScanKernel | SortKernel | ScatterKernel

/** Where the program of a kernel is written that walks the points of rows. */
export function walkScope(kernel: WalkKernel, shader: Shader): Scope {
  return {
    shader,
    counters: axisCounters(kernel.axes),
    reduced: () => {
      throw new BackendError('webgpu.compile', {
        got: `the result of a reduction in the ${kernel.kind} kernel '${kernel.label}'`,
        wanted: 'a program without reductions',
      })
    },
  }
}

/** Statements that split the number of a point in its row into the counters of the point. */
export function pointLines({ axes, outer }: WalkKernel, point: string): string[] {
  const pointAxes = axes.map((_, axis) => axis).slice(outer)
  return splitLines(point, pointAxes, axes, (axis) => `i${axis}`)
}
