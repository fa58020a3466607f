import { BackendError, type ScanKernel } from '@tensorweft/core'
import type { Local } from '../assembler/index.ts'
import { countOf, vectorCost } from '../kernels/loop-choice.ts'
import { chooseCut, emitPiece, loopsWithin, type Stretch, startsOf } from '../loops/cut.ts'
import { LoopScope, oneLane } from '../loops/emit-loops.ts'
import type { Frame } from '../loops/frame.ts'
import { lanesPerVector, type Nest } from '../loops/nest.ts'
import { ProgramEmitter } from '../loops/program-emitter.ts'
import { cheapestAxis, type MergedWalk, mergeWalk } from './merged-walk.ts'
import { totalAlong, totalsAcross } from './running-totals.ts'

// What totals cost in a vector of four, in about the time of one instruction.
const acrossCost = 4
const alongCost = 14

/**
 * Emits the loops of a scan into the function of its frame, for one of about `wanted` pieces, and
 * returns their number. Vectors are points of neighbouring rows, each lane with a total of its own,
 * or points of one row, whose lanes follow one another.
 */
export function emitScan(
  frame: Frame,
  kernel: ScanKernel,
  piece: Local<'i32'>,
  wanted: number,
): number {
  checkScan(kernel)
  const walk = mergeWalk(kernel)
  if (walk === undefined) return 0
  const choice = chooseLoops(walk)
  const { rows, vectorAxis, unroll } = choice
  const cut = chooseCut(rows, walk.sizes, vectorAxis, unroll, wanted)
  for (const operand of kernel.operands.keys()) frame.array(operand)
  emitPiece(frame.f, cut, vectorAxis, piece, (stretch) => {
    emitRows(frame, kernel, walk, choice, stretch)
  })
  return cut?.pieces ?? 1
}

function emitRows(
  frame: Frame,
  { reduction }: ScanKernel,
  { sizes, program, points, store }: MergedWalk,
  { rows: outer, vectorAxis, unroll }: ScanLoops,
  stretch: Stretch | undefined,
): void {
  const { f } = frame
  const order = [...outer, ...points]
  const nest: Nest = {
    loops: loopsWithin(sizes, order, stretch),
    sizes,
    starts: startsOf(stretch),
    vector: order.indexOf(vectorAxis ?? -1),
    unroll,
  }
  const depth = outer.length
  const isAcross = vectorAxis !== undefined && outer.includes(vectorAxis)
  const emitter = new ProgramEmitter(frame, nest, program, { stores: [store] })
  const rows = new LoopScope(f, nest)
  if (depth > 0) emitter.enter(0, oneLane, rows.axisValue)
  rows.emit(0, depth, [emitter], oneLane, (parts) => {
    const totals = parts.map(() => (isAcross ? totalsAcross : totalAlong)(f, reduction))
    const points = new LoopScope(f, nest, rows)
    emitter.enter(depth, parts, points.axisValue)
    points.emit(depth, nest.loops.length, [emitter], parts, (inner) => {
      if (nest.loops.length > depth) emitter.enter(nest.loops.length, inner, points.axisValue)
      inner.forEach((part, k) => {
        const total = totals[isAcross ? k : 0]
        const value = emitter.value(reduction.value, k)
        if (total !== undefined) {
          emitter.accesses.store(store, total.next(value, part.lanes), part)
        }
      })
    })
  })
}

interface ScanLoops {
  /** Axes of the loops over rows, outermost first. */
  readonly rows: readonly number[]
  readonly vectorAxis: number | undefined
  readonly unroll: number
}

function chooseLoops({ sizes, outer, points, program, store }: MergedWalk): ScanLoops {
  const innermost = points.slice(-1)
  const vectorAxis = cheapestAxis(sizes, [...outer, ...innermost], (axis) => {
    const own = outer.includes(axis) ? acrossCost : alongCost
    return vectorCost({ program, stores: [store] }, axis) + own
  })
  const isAcross = vectorAxis !== undefined && outer.includes(vectorAxis)
  const rows = isAcross ? [...outer.filter((axis) => axis !== vectorAxis), vectorAxis] : outer
  const vectors = Math.ceil((sizes[vectorAxis ?? -1] ?? 1) / lanesPerVector)
  const unroll = isAcross && countOf(program) <= 8 ? Math.min(4, vectors) : 1
  return { rows, vectorAxis, unroll }
}

function checkScan({ label, program, reduction }: ScanKernel): void {
  const dtype = program[reduction.value]?.dtype
  if (dtype === reduction.dtype) return
  throw new BackendError('wasm.compile', {
    got: `a ${reduction.dtype} scan of ${dtype} values in '${label}'`,
    wanted: 'values of the dtype of the totals',
    hint: 'cast the values in the program',
  })
}
