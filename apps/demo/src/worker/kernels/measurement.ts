import { currentBackend, type KernelProfile, withBackend } from 'tensorweft'
import type { Run } from '../context.ts'
import type { DigitSettings } from '../digit-settings.ts'
import { KernelRecorder, type RecordedKernel } from './kernel-recorder.ts'
import { operationsOf } from './operations.ts'
import { type PlanName, plans } from './plans.ts'
import { shapeText } from './shape-text.ts'

/** What is known of a kernel, but for its code. */
export interface KernelReport extends KernelProfile {
  /** From 1, in the order in which they run. */
  readonly number: number
  /** What it loops over. */
  readonly shape: string
  /** Scalar operations, where they can be counted. */
  readonly operations: number | undefined
}

export interface PlanReport {
  readonly plan: PlanName
  /** Of the classifier, where the plan is one of its. */
  readonly settings: DigitSettings
  readonly backend: string
  /** Memory for what is only between kernels. */
  readonly arenaByteLength: number
  readonly kernels: readonly KernelReport[]
}

/** Called before each kernel. */
export type ReportKernels = (done: number, count: number) => void

/** Measures the kernels of a plan on the current backend, one by one. */
export class Measurement implements Run {
  /** The kernels with what the backend made of them, in their order. */
  kernels: readonly RecordedKernel[] = []
  readonly #report: ReportKernels
  #running: Promise<PlanReport> | undefined
  #isPausing = false

  constructor(report: ReportKernels) {
    this.#report = report
  }

  /** @returns Undefined where it was paused before the end. */
  async run(plan: PlanName, settings: DigitSettings): Promise<PlanReport | undefined> {
    this.#running = this.#measure(plan, settings)
    try {
      return await this.#running
    } catch (error) {
      if (this.#isPausing) return undefined
      throw error
    } finally {
      this.#running = undefined
    }
  }

  /** Ends it after the current kernel, for good. */
  async pause(): Promise<void> {
    this.#isPausing = true
    // What went wrong is told to whoever began it.
    await this.#running?.catch(() => {})
  }

  async #measure(plan: PlanName, settings: DigitSettings): Promise<PlanReport> {
    const recorder = new KernelRecorder(currentBackend(), {
      checkpoint: () => {
        if (this.#isPausing) throw new Error('The measurement was cancelled.')
      },
      onKernel: this.#report,
    })
    try {
      const profiles = await withBackend(recorder.backend, plans[plan](settings))
      this.kernels = recorder.kernels
      return {
        plan,
        settings,
        backend: recorder.backend.name,
        arenaByteLength: recorder.plan?.arenaByteLength ?? 0,
        kernels: recorder.kernels.flatMap(({ kernel }, i) => {
          const profile = profiles[i]
          if (profile === undefined) return []
          const [shape, operations] = [shapeText(kernel), operationsOf(kernel)]
          return [{ ...profile, number: i + 1, shape, operations }]
        }),
      }
    } finally {
      recorder.dispose()
    }
  }
}
