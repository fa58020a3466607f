import { BackendError, type ScatterKernel, type Store } from '@tensorweft/core'
import { type FunctionBuilder, i8x16, i32, i32x4, type Local } from '../assembler/index.ts'
import { combineLanes } from '../kernels/accumulators.ts'
import { varyingSteps, vectorCost } from '../kernels/loop-choice.ts'
import { chooseCut, emitPiece, loopsWithin, startsOf } from '../loops/cut.ts'
import { emitTogether } from '../loops/emit-nest.ts'
import { elementBytes, type Frame } from '../loops/frame.ts'
import { lanesPerVector, type Nest, type Part } from '../loops/nest.ts'
import type { ProgramEmitter } from '../loops/program-emitter.ts'
import { lanes } from '../scalar/halves.ts'
import { type LaneDType, laneDType } from '../scalar/register.ts'
import { cheapestAxis, type MergedWalk, mergeWalk } from './merged-walk.ts'

// What additions cost in a vector of four, in about the time of one instruction.
const together = 4
const oneByOne = 24

/**
 * Emits the loops of a scatter into the function of its frame, for one of about `wanted` pieces,
 * and returns their number. Vectors are points of neighbouring rows if these have one target, whose
 * elements are neighbours too; else lanes are added one by one, in order. Either way the points of
 * a row keep their order.
 */
export function emitScatter(
  frame: Frame,
  kernel: ScatterKernel,
  piece: Local<'i32'>,
  wanted: number,
): number {
  const dtype = dtypeOf(kernel)
  const walk = mergeWalk(kernel)
  if (walk === undefined) return 0
  const { target, size } = kernel
  const { sizes, outer, program, store } = walk
  const factor = kernel.stride * elementBytes(dtype)
  const { order, vectorAxis, unroll } = chooseLoops(walk, kernel)
  const rows = order.filter((axis) => outer.includes(axis))
  const cut = chooseCut(rows, sizes, vectorAxis, unroll, wanted)
  for (const operand of kernel.operands.keys()) frame.array(operand)
  const scatter = new Scatter(frame.f, { store, dtype, target, size, factor })
  const scalars = [
    { step: target, factor: 1 },
    { step: target, factor },
  ]
  const options = { stores: [store], scalars }
  emitPiece(frame.f, cut, vectorAxis, piece, (stretch) => {
    const nest: Nest = {
      loops: loopsWithin(sizes, order, stretch),
      sizes,
      starts: startsOf(stretch),
      vector: order.indexOf(vectorAxis ?? -1),
      unroll,
    }
    emitTogether(frame, nest, [program], options, (enter, parts) => {
      const emitter = enter(0)
      const isTogether = !emitter.isVarying(target) && emitter.accesses.isSpread(store)
      parts.forEach((part, k) => {
        if (isTogether) scatter.addTogether(emitter, part, k)
        else scatter.addOneByOne(emitter, part, k)
      })
    })
  })
  return cut?.pieces ?? 1
}

interface ScatterParts {
  readonly store: Store
  readonly dtype: LaneDType
  readonly target: number
  readonly size: number
  /** Bytes from one target to the next. */
  readonly factor: number
}

class Scatter {
  readonly #f: FunctionBuilder
  readonly #parts: ScatterParts

  constructor(f: FunctionBuilder, parts: ScatterParts) {
    this.#f = f
    this.#parts = parts
  }

  /** All lanes of a part have one target. */
  addTogether(emitter: ProgramEmitter, part: Part, k: number): void {
    const { store, dtype, target, size, factor } = this.#parts
    const value = emitter.value(store.value, k)
    this.#f.if(i32.ltU(emitter.scalar(target, 1), i32.const(size)), () => {
      emitter.accesses.updateLanes(store, part, emitter.scalar(target, factor), (old) =>
        combineLanes(this.#f, 'sum', dtype, old, value),
      )
    })
  }

  addOneByOne(emitter: ProgramEmitter, part: Part, k: number): void {
    const f = this.#f
    const { store, dtype, target, size, factor } = this.#parts
    const [value, targets] = [emitter.value(store.value, k), emitter.value(target, k)]
    const addresses = emitter.accesses.addresses(store, part)
    for (let lane = 0; lane < part.lanes; lane++) {
      const chosen = f.local('i32', i32x4.extractLane(targets, lane))
      f.if(i32.ltU(chosen, i32.const(size)), () => {
        const ahead = i32.mul(chosen, i32.const(factor))
        const address = i32.add(i32x4.extractLane(addresses, lane), ahead)
        const added = f.local('v128', i8x16.shuffle(value, value, lanes(lane, lane, lane, lane)))
        emitter.accesses.updateAt(store, address, (old) =>
          combineLanes(f, 'sum', dtype, old, added),
        )
      })
    }
  }
}

interface ScatterLoops {
  /** Axes of the loops, outermost first. */
  readonly order: readonly number[]
  readonly vectorAxis: number | undefined
  readonly unroll: number
}

/** Rows that are taken together are innermost; points of a row otherwise, in their order. */
function chooseLoops(
  { sizes, outer, points, program, store }: MergedWalk,
  { target }: ScatterKernel,
): ScatterLoops {
  const vectorAxis = cheapestAxis(sizes, [...outer, ...points.slice(-1)], (axis) => {
    if (!outer.includes(axis)) return vectorCost({ program, stores: [] }, axis) + oneByOne
    return varyingSteps(program, axis)[target] === true
      ? vectorCost({ program, stores: [] }, axis) + oneByOne
      : vectorCost({ program, stores: [store] }, axis) + together
  })
  const isAcross = vectorAxis !== undefined && outer.includes(vectorAxis)
  const order = isAcross
    ? [...outer.filter((axis) => axis !== vectorAxis), ...points, vectorAxis]
    : [...outer, ...points]
  const vectors = Math.ceil((sizes[vectorAxis ?? -1] ?? 1) / lanesPerVector)
  return { order, vectorAxis, unroll: Math.min(2, vectors) }
}

function dtypeOf({ label, program, store, target }: ScatterKernel): LaneDType {
  const dtype = program[target]?.dtype
  const value = program[store.value]
  if (dtype === 'int32' && value !== undefined) return laneDType(value.dtype)
  throw new BackendError('wasm.compile', {
    got: `${dtype} targets for ${value?.dtype} values in '${label}'`,
    wanted: 'int32 targets for the values of a step',
  })
}
