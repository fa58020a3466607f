import { indicesOfProgram, type Program, type RangeData, type Stage } from '@tensorweft/core'
import type { FunctionBuilder } from '../assembler/index.ts'
import { axesOf } from '../loops/bounds.ts'
import type { LoopScope } from '../loops/emit-loops.ts'
import type { Frame } from '../loops/frame.ts'
import { depthOfAxes, type Nest, type Part } from '../loops/nest.ts'
import { type EmitterOptions, ProgramEmitter } from '../loops/program-emitter.ts'
import { StageProgram } from './products.ts'

/** Steps of a program that is worth writing twice. */
const mostSteps = 24

/** A stage that loads without conditions where all of them hold. */
interface Inside {
  /** How many loops must be entered before that is known. */
  readonly depth: number
  /** Whether they hold: its only value. */
  readonly test: ProgramEmitter
  readonly program: StageProgram
}

type Body = (program: StageProgram, parts: readonly Part[]) => void

interface Walk {
  readonly body: Body
  readonly split: number | undefined
  readonly after: () => void
}

/** The walk of a stage over the reduced axes. */
export class Turns {
  readonly #f: FunctionBuilder
  readonly #nest: Nest
  readonly #from: number
  readonly #program: StageProgram
  readonly #inside: Inside | undefined

  /** The loops from position `from` on are those of the reduced axes. */
  constructor(frame: Frame, nest: Nest, from: number, stage: Stage, options: EmitterOptions) {
    this.#f = frame.f
    this.#nest = nest
    this.#from = from
    this.#program = new StageProgram(frame, nest, stage, options)
    this.#inside = insideOf(frame, nest, from, stage, options)
  }

  /** The programs that have to be entered with the loops outside. */
  get programs(): readonly ProgramEmitter[] {
    const { test, program } = this.#inside ?? {}
    return [this.#program.emitter, test, program?.emitter].filter((own) => own !== undefined)
  }

  /**
   * Emits the loops. `body` is given the program that was entered; `after`, if there is a position
   * to `split` at, comes behind each turn of the loops before it.
   */
  emit(
    scope: LoopScope,
    parts: readonly Part[],
    body: Body,
    split: number | undefined,
    after: () => void,
  ): void {
    const isOpen = this.#inside !== undefined
    this.#walk(this.#from, this.#program, isOpen, scope, parts, { body, split, after })
  }

  /** The loops from one position on. While it `isOpen` which program runs, both are entered. */
  #walk(
    from: number,
    program: StageProgram,
    isOpen: boolean,
    scope: LoopScope,
    parts: readonly Part[],
    walk: Walk,
  ): void {
    const inside = isOpen ? this.#inside : undefined
    if (inside?.depth === from) {
      inside.test.enter(from, parts, scope.axisValue)
      const chosen = (own: StageProgram) => () => this.#walk(from, own, false, scope, parts, walk)
      this.#f.if(inside.test.scalar(0, 1), chosen(inside.program), chosen(program))
      return
    }
    const programs = isOpen ? this.programs : [program.emitter]
    for (const own of programs) own.enter(from, parts, scope.axisValue)
    const end = this.#nest.loops.length
    if (from === end) walk.body(program, parts)
    else {
      const stops = [walk.split ?? end, inside?.depth ?? end, end]
      const next = Math.min(...stops.filter((stop) => stop > from))
      scope.emit(from, next, programs, parts, (inner) => {
        this.#walk(next, program, isOpen, scope, inner, walk)
      })
    }
    if (from === walk.split) walk.after()
  }
}

/** Undefined where no load has conditions that are the same for all lanes, or it would not pay. */
function insideOf(
  frame: Frame,
  nest: Nest,
  from: number,
  stage: Stage,
  options: EmitterOptions,
): Inside | undefined {
  const { program, stores } = stage
  if (stores.length > 0 || program.length > mostSteps) return undefined
  const vectorAxis = nest.loops[nest.vector]?.axis ?? -1
  const conditionAxes = (within: readonly RangeData[]) =>
    within.flatMap(({ index }) => axesOf(index))
  const guarded = program
    .filter((step) => step.op === 'load')
    .filter(({ within }) => {
      return within.length > 0 && !conditionAxes(within).includes(vectorAxis)
    })
  const depth = guarded.reduce(
    (most, { within }) => Math.max(most, depthOfAxes(nest, conditionAxes(within))),
    from,
  )
  // What is loaded before the conditions are known keeps its own.
  const freed = guarded.filter((step) => {
    return depthOfAxes(nest, indicesOfProgram([step]).flatMap(axesOf)) >= depth
  })
  if (freed.length === 0) return undefined
  const within = freed.flatMap((step) => step.within)
  const free: Program = program.map((step) =>
    step.op === 'load' && freed.includes(step) ? { ...step, within: [] } : step,
  )
  return {
    depth,
    test: new ProgramEmitter(frame, nest, [{ op: 'inside', dtype: 'bool', within }], {
      stores: [],
      scalars: [{ step: 0, factor: 1 }],
    }),
    program: new StageProgram(frame, nest, { ...stage, program: free }, options),
  }
}
