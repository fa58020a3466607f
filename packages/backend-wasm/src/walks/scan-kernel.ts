import { BackendError, type ScanKernel } from '@tensorweft/core'
import { countOf, vectorCost } from '../kernels/loop-choice.ts'
import { LoopScope, oneLane } from '../loops/emit-loops.ts'
import type { Frame } from '../loops/frame.ts'
import { lanesPerVector, type Nest } from '../loops/nest.ts'
import { ProgramEmitter } from '../loops/program-emitter.ts'
import { cheapestAxis, loopsOver, type MergedWalk, mergeWalk } from './merged-walk.ts'
import { totalAlong, totalsAcross } from './running-totals.ts'

// What totals cost in a vector of four, in about the time of one instruction.
const acrossCost = 4
const alongCost = 14

/**
 * Emits the loops of a scan into the function of its frame. Vectors are points of neighbouring
 * rows, each lane with a total of its own, or points of one row, whose lanes follow one another.
 */
export function emitScan(frame: Frame, kernel: ScanKernel): void {
  checkScan(kernel)
  const walk = mergeWalk(kernel)
  if (walk === undefined) return
  const { nest, depth, isAcross } = chooseNest(walk)
  const { f } = frame
  const { program, store } = walk
  const { reduction } = kernel
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

interface ScanNest {
  readonly nest: Nest
  /** Loops over rows. */
  readonly depth: number
  readonly isAcross: boolean
}

function chooseNest({ sizes, outer, points, program, store }: MergedWalk): ScanNest {
  const innermost = points.slice(-1)
  const vectorAxis = cheapestAxis(sizes, [...outer, ...innermost], (axis) => {
    const own = outer.includes(axis) ? acrossCost : alongCost
    return vectorCost({ program, stores: [store] }, axis) + own
  })
  const isAcross = vectorAxis !== undefined && outer.includes(vectorAxis)
  const rows = isAcross ? [...outer.filter((axis) => axis !== vectorAxis), vectorAxis] : outer
  const order = [...rows, ...points]
  const vectors = Math.ceil((sizes[vectorAxis ?? -1] ?? 1) / lanesPerVector)
  const unroll = isAcross && countOf(program) <= 8 ? Math.min(4, vectors) : 1
  const nest = {
    loops: loopsOver(sizes, order),
    sizes,
    starts: new Map(),
    vector: order.indexOf(vectorAxis ?? -1),
    unroll,
  }
  return { nest, depth: rows.length, isAcross }
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
