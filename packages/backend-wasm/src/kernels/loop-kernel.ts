import {
  BackendError,
  indicesOfProgram,
  type LoopKernel,
  mapProgram,
  mapStores,
  type Stage,
} from '@tensorweft/core'
import { type Code, i32, type Local } from '../assembler/index.ts'
import { chooseCut, emitPiece, loopsWithin, type Stretch, startsOf } from '../loops/cut.ts'
import { LoopScope, oneLane } from '../loops/emit-loops.ts'
import { type Frame, withArray } from '../loops/frame.ts'
import { type Loop, lanesPerVector, type Nest, type Part } from '../loops/nest.ts'
import type { VectorLocal } from '../scalar/vector.ts'
import { mergeAxes } from '../transform/merge-axes.ts'
import { RowMaxima } from '../transform/row-maxima.ts'
import { ValueNumbers } from '../transform/value-numbers.ts'
import { Accumulators } from './accumulators.ts'
import type { LoopChoice } from './loop-choice.ts'
import { type PreparedLoops, prepareLoops } from './prepare-loops.ts'
import { factorsOf, type StageProgram } from './products.ts'
import { Turns } from './turns.ts'

/** Additions after which a long float sum starts a new stretch, and those of one that is not long. */
const stretch = 64
const shortSum = 4 * stretch

interface EmittedStage {
  readonly stage: Stage
  readonly nest: Nest
  readonly turns: Turns
}

/** What the function of a kernel is given, and how many pieces the kernel is worth. */
export interface KernelPieces {
  readonly piece: Local<'i32'>
  readonly scratch: Local<'i32'>
  readonly wanted: number
}

/**
 * Emits the loops of a `map`, `reduce` or `row` kernel into the function of its frame, for one of
 * about `wanted` pieces. Returns their number, and the scratch memory that each needs.
 */
export function emitLoopKernel(
  frame: Frame,
  kernel: LoopKernel,
  { piece, scratch, wanted }: KernelPieces,
): { readonly pieces: number; readonly scratchBytes: number } {
  for (const stage of kernel.stages) checkStage(kernel, stage)
  const numbers = kernel.axes.map((_, axis) => axis)
  const groups = [numbers.slice(0, kernel.outer), numbers.slice(kernel.outer)]
  const { sizes, groups: merged, rewrite } = mergeAxes(kernel.axes, groups, indicesOf(kernel))
  const [outer = [], reduced = []] = merged
  if (outer.some((axis) => sizes[axis] === 0)) return { pieces: 0, scratchBytes: 0 }
  const stages = kernel.stages.map((stage) => ({
    ...stage,
    program: mapProgram(stage.program, rewrite),
    stores: mapStores(stage.stores, rewrite),
  }))
  const simpler = { ...kernel, axes: sizes, stages }
  for (const operand of kernel.operands.keys()) frame.array(operand)
  const parts = prepareLoops(simpler, outer, reduced)
  const pieces = parts.map((part, number) => {
    const { kernel, choice } = part
    const own = withArray(frame, part.scratchOperand, { dtype: 'int32', base: scratch })
    const emit = (stretch: Stretch | undefined) => {
      new LoopKernelEmitter(own, part, stretch).emit()
    }
    if (number > 0) {
      // What strips, or sums taken together, leave over is little.
      frame.f.if(i32.eqz(piece), () => emit(undefined))
      return 1
    }
    const { vectorAxis, unroll } = choice
    const cut = chooseCut(choice.outer, kernel.axes, vectorAxis, unroll, wanted)
    emitPiece(frame.f, cut, vectorAxis, piece, emit)
    return cut?.pieces ?? 1
  })
  const kept = parts.map(({ scratchElements }) => scratchElements)
  return { pieces: Math.max(...pieces), scratchBytes: 4 * Math.max(...kept) }
}

class LoopKernelEmitter {
  readonly #frame: Frame
  readonly #kernel: LoopKernel
  readonly #choice: LoopChoice
  readonly #stretch: Stretch | undefined
  readonly #stages: readonly EmittedStage[]
  /** Results of the reductions so far, by number: for all lanes, or for each part. */
  readonly #reduced: (readonly VectorLocal[])[] = []

  constructor(frame: Frame, loops: PreparedLoops, stretch: Stretch | undefined) {
    const { kernel, choice, scratchOperand } = loops
    this.#frame = frame
    this.#kernel = kernel
    this.#choice = choice
    this.#stretch = stretch
    const isAcross = choice.outer.includes(choice.vectorAxis ?? -1)
    const depth = choice.outer.length
    const written = new Set<number>()
    const slotOf = (operand: number) => kernel.operands[operand]?.slot
    const maxima = new RowMaxima(new ValueNumbers(slotOf, scratchOperand))
    this.#stages = kernel.stages.map((stage) => {
      const nest = this.#nestOf(stage)
      const turns = new Turns(frame, nest, depth, stage, {
        stores: stage.stores,
        reduced: {
          depth,
          isVarying: isAcross,
          of: (number) => this.#reduced[number],
          isMaximum: maxima.next(stage),
        },
        volatile: { operands: this.#aliases(written), depth },
      })
      for (const { operand } of stage.stores) written.add(operand)
      return { stage, nest, turns }
    })
  }

  emit(): void {
    const depth = this.#choice.outer.length
    const emitters = this.#stages
      .filter(({ nest }) => nest.loops.every(({ extent }) => extent !== 0))
      .map(({ turns }) => turns.emitter)
    const scope = new LoopScope(this.#frame.f, this.#nest(this.#choice.outer))
    if (depth > 0) for (const emitter of emitters) emitter.enter(0, oneLane, scope.axisValue)
    scope.emit(0, depth, emitters, oneLane, (parts) => {
      this.#reduced.length = 0
      for (const stage of this.#stages) this.#emitStage(stage, scope, parts)
    })
  }

  #emitStage({ stage, nest, turns }: EmittedStage, outside: LoopScope, parts: readonly Part[]) {
    const { outer, vectorAxis } = this.#choice
    const { f } = this.#frame
    const { axes } = this.#kernel
    const depth = outer.length
    const isAcross = outer.includes(vectorAxis ?? -1)
    const loops = nest.loops.slice(depth)
    const extents = loops.map(({ axis }) => axes[axis] ?? 1)
    const points = extents.reduce((product, extent) => product * extent, 1)
    const width = isAcross ? parts.length : this.#choice.unroll
    const chains = isAcross ? 1 : lanesPerVector * width
    const isLong = points > shortSum * chains
    const accumulators = stage.reductions.map((reduction) => {
      return new Accumulators(f, reduction, width, isLong)
    })
    if (points > 0) {
      const scope = new LoopScope(f, nest, outside)
      const add = adderOf(stage, accumulators, isAcross)
      const split = accumulators.some((own) => own.isLong) ? this.#stretchLoop(nest) : undefined
      turns.emit(scope, parts, add, split, () => {
        const flush = () => {
          for (const accumulator of accumulators) accumulator.flush()
        }
        if (split === nest.loops.length) f.if(this.#isStretchEnd(scope, loops), flush)
        else flush()
      })
    }
    for (const accumulator of accumulators) {
      this.#reduced.push(isAcross ? accumulator.lanes() : [accumulator.total()])
    }
  }

  /** The outermost loop that a stretch has room for, or the end of the nest. */
  #stretchLoop({ loops, vector, unroll }: Nest): number {
    let [position, turns] = [loops.length, 1]
    while (position > this.#choice.outer.length) {
      const size = this.#kernel.axes[loops[position - 1]?.axis ?? -1] ?? 1
      const width = position - 1 === vector ? lanesPerVector * unroll : 1
      turns *= Math.ceil(size / width)
      if (turns > shortSum) break
      position--
    }
    return position
  }

  /** Whether a stretch ends with this turn of a long innermost loop. */
  #isStretchEnd(scope: LoopScope, loops: readonly Loop[]): Code<'i32'> {
    const axis = loops.at(-1)?.axis ?? -1
    const counter = scope.axisValue(axis) ?? i32.const(0)
    const isVector = axis === this.#choice.vectorAxis
    const turn = isVector ? lanesPerVector * 2 ** Math.ceil(Math.log2(this.#choice.unroll)) : 1
    return i32.eqz(i32.and(counter, i32.const(stretch * turn - 1)))
  }

  #nestOf(stage: Stage): Nest {
    const { outer, reduced } = this.#choice
    return this.#nest(stage.over === 'all' ? [...outer, ...reduced] : outer)
  }

  #nest(order: readonly number[]): Nest {
    const { axes } = this.#kernel
    const { vectorAxis, unroll } = this.#choice
    return {
      loops: loopsWithin(axes, order, this.#stretch),
      sizes: axes,
      starts: startsOf(this.#stretch),
      vector: order.indexOf(vectorAxis ?? -1),
      unroll,
    }
  }

  /** Operands in the slots that some operands are in. */
  #aliases(operands: ReadonlySet<number>): ReadonlySet<number> {
    const all = this.#kernel.operands
    const slots = new Set([...operands].map((operand) => all[operand]?.slot))
    return new Set(all.flatMap(({ slot }, operand) => (slots.has(slot) ? operand : [])))
  }
}

/** Adds the values of a turn to the reductions of a stage, and stores what it stores. */
function adderOf(
  stage: Stage,
  accumulators: readonly Accumulators[],
  isAcross: boolean,
): (program: StageProgram, parts: readonly Part[]) => void {
  const sums = stage.reductions.flatMap((reduction, number) => {
    const accumulator = accumulators[number]
    if (accumulator === undefined) return []
    return [{ accumulator, value: reduction.value, factors: factorsOf(stage, reduction) }]
  })
  return (program, parts) => {
    parts.forEach((part, k) => {
      program.startPart()
      for (const { accumulator, value, factors } of sums) {
        const [a, b] = factors.map((step) => program.value(step, part, k))
        if (a !== undefined && b !== undefined) accumulator.addProduct(k, part, a, b, isAcross)
        else accumulator.add(k, part, program.value(value, part, k), isAcross)
      }
    })
    program.emitter.store()
  }
}

function indicesOf({ stages }: LoopKernel) {
  return stages.flatMap(({ program, stores }) => [
    ...indicesOfProgram(program),
    ...stores.map(({ index }) => index),
  ])
}

function checkStage(kernel: LoopKernel, { over, reductions, program }: Stage): void {
  if (over === 'outer' && reductions.length > 0) {
    throw new BackendError('wasm.compile', {
      got: `reductions in a stage over the outer axes of the kernel '${kernel.label}'`,
      wanted: 'reductions in stages over all axes only',
    })
  }
  for (const { value, dtype } of reductions) {
    if (program[value]?.dtype === dtype) continue
    throw new BackendError('wasm.compile', {
      got: `a ${dtype} reduction of ${program[value]?.dtype} values in '${kernel.label}'`,
      wanted: 'values of the dtype of the reduction',
      hint: 'cast the values in the stage',
    })
  }
}
