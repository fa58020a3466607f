import type { Context } from './context.ts'
import type { RecordedKernel } from './kernels/kernel-recorder.ts'
import { Measurement, type PlanReport, type ReportKernels } from './kernels/measurement.ts'
import type { PlanName } from './kernels/plans.ts'
import { type KernelSource, sourceOf } from './kernels/source-of.ts'

/** What the Kernels view asks of the worker. */
export interface KernelsService {
  /**
   * Measures the kernels of a plan on the current backend, one by one, while everything else rests.
   *
   * @returns Undefined where it was cancelled.
   */
  measure(plan: PlanName, report: ReportKernels): Promise<PlanReport | undefined>
  /** Ends the measurement after the current kernel. */
  cancel(): Promise<void>
  /** The source of a kernel of the plan that was measured last, by its number from 1. */
  source(number: number): Promise<KernelSource>
}

export function kernelsService(context: Context): KernelsService {
  let current: Measurement | undefined
  let measured: readonly RecordedKernel[] = []
  return {
    async measure(plan, report) {
      const measurement = new Measurement(report)
      current = measurement
      const { settings } = context
      const result = await context.take(measurement, () => measurement.run(plan, settings))
      if (result !== undefined) measured = measurement.kernels
      return result
    },
    async cancel() {
      await current?.pause()
    },
    async source(number) {
      const kernel = measured[number - 1]
      if (kernel === undefined) throw new Error(`No kernel ${number} was measured.`)
      return sourceOf(kernel)
    },
  }
}
