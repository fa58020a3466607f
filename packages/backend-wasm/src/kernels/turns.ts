import type { Stage } from '@tensorweft/core'
import type { LoopScope } from '../loops/emit-loops.ts'
import type { Frame } from '../loops/frame.ts'
import type { Nest, Part } from '../loops/nest.ts'
import type { EmitterOptions, ProgramEmitter } from '../loops/program-emitter.ts'
import { emitWalk } from '../loops/walk.ts'
import { StageProgram } from './products.ts'

/** Steps of a program that is worth writing twice. */
const mostSteps = 24

type Body = (program: StageProgram, parts: readonly Part[]) => void

/** The walk of a stage over the reduced axes. */
export class Turns {
  readonly #nest: Nest
  readonly #from: number
  readonly #program: StageProgram
  readonly #isDoubled: boolean

  /** The loops from position `from` on are those of the reduced axes. */
  constructor(frame: Frame, nest: Nest, from: number, stage: Stage, options: EmitterOptions) {
    this.#nest = nest
    this.#from = from
    this.#program = new StageProgram(frame, nest, stage, options)
    this.#isDoubled = stage.stores.length === 0 && stage.program.length <= mostSteps
  }

  /** The program that has to be entered with the loops outside. */
  get emitter(): ProgramEmitter {
    return this.#program.emitter
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
    const { emitter } = this
    emitWalk(scope, this.#from, parts, {
      programs: [emitter],
      isDoubled: this.#isDoubled,
      body: (inner) => {
        emitter.enter(this.#nest.loops.length, inner, scope.axisValue)
        body(this.#program, inner)
      },
      split,
      after,
    })
  }
}
