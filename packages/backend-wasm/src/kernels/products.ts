import { indicesOfProgram, type Reduction, type Stage, type Step } from '@tensorweft/core'
import { axesOf } from '../loops/bounds.ts'
import type { Frame } from '../loops/frame.ts'
import { depthOfAxes, type Nest, type Part } from '../loops/nest.ts'
import { type EmitterOptions, ProgramEmitter } from '../loops/program-emitter.ts'
import type { VectorLocal } from '../scalar/vector.ts'
import { argumentsOf } from '../transform/step-cost.ts'

type LoadStep = Extract<Step, { op: 'load' }>

/** The two values whose products are summed, if a reduction is such a sum of floats. */
export function factorsOf(
  { program }: Pick<Stage, 'program'>,
  { combiner, value, dtype }: Reduction,
): readonly number[] {
  const step = program[value]
  const isProduct = step?.op === 'apply' && step.instruction === 'mul'
  return isProduct && combiner === 'sum' && dtype === 'float32' ? step.args : []
}

/**
 * The program of a stage, whose products are left to the sums. What reductions alone need is loaded
 * right before they take it: there are not registers enough to load for all of them first.
 */
export class StageProgram {
  readonly emitter: ProgramEmitter
  readonly #frame: Frame
  readonly #loads: ReadonlyMap<number, LoadStep>
  readonly #loaded = new Map<number, VectorLocal>()

  constructor(frame: Frame, nest: Nest, stage: Stage, options: EmitterOptions) {
    this.#frame = frame
    const unused = productsOf(stage)
    this.#loads = lateLoads(stage, unused, nest)
    const program = stage.program.map((step, number): Step => {
      const isLeft = unused.has(number) || this.#loads.has(number)
      return isLeft ? { op: 'constant', dtype: step.dtype, value: 0 } : step
    })
    this.emitter = new ProgramEmitter(frame, nest, program, options)
    for (const step of this.#loads.values()) this.emitter.accesses.addStep(step)
  }

  /** What has been loaded for a part is not what another one needs. */
  startPart(): void {
    this.#loaded.clear()
  }

  /** The value of a step in part number `k`. */
  value(step: number, part: Part, k: number): VectorLocal {
    const load = this.#loads.get(step)
    if (load === undefined) return this.emitter.value(step, k)
    const value =
      this.#loaded.get(step) ?? this.#frame.f.local('v128', this.emitter.accesses.load(load, part))
    this.#loaded.set(step, value)
    return value
  }
}

/** Products that nothing but sums of them needs. */
function productsOf(stage: Stage): ReadonlySet<number> {
  const { program, reductions, stores } = stage
  const products = reductions.filter((own) => factorsOf(stage, own).length > 0)
  const used = new Set([
    ...program.flatMap(argumentsOf),
    ...[...stores, ...reductions.filter((own) => !products.includes(own))].map(
      ({ value }) => value,
    ),
  ])
  return new Set(products.map(({ value }) => value).filter((value) => !used.has(value)))
}

/** Loads that differ from lane to lane in each turn, and that only reductions and such products need. */
function lateLoads(
  { program, stores }: Stage,
  products: ReadonlySet<number>,
  nest: Nest,
): ReadonlyMap<number, LoadStep> {
  const used = new Set([
    ...program.flatMap((step, number) => (products.has(number) ? [] : argumentsOf(step))),
    ...stores.map(({ value }) => value),
  ])
  const vectorAxis = nest.loops[nest.vector]?.axis ?? -1
  return new Map(
    program.flatMap((step, number): [number, LoadStep][] => {
      if (step.op !== 'load' || used.has(number)) return []
      const axes = indicesOfProgram([step]).flatMap(axesOf)
      const isLate = depthOfAxes(nest, axes) === nest.loops.length && axes.includes(vectorAxis)
      return isLate ? [[number, step]] : []
    }),
  )
}
