import { type IndexData, type SortKernel, type Store, sizeOf, stridesOf } from '@tensorweft/core'
import { type Code, i32, type Local } from '../assembler/index.ts'
import { chooseCut, emitPiece, loopsWithin, startsOf } from '../loops/cut.ts'
import { LoopScope, oneLane } from '../loops/emit-loops.ts'
import { emitNest } from '../loops/emit-nest.ts'
import { type ArrayPlace, type Frame, withArray } from '../loops/frame.ts'
import { lanesPerVector, type Nest } from '../loops/nest.ts'
import { loopsOver, type MergedWalk, mergeWalk } from './merged-walk.ts'
import { keysOffset, type SortFunctions, sortBytes } from './sort-functions.ts'
import { withSortKey } from './sort-keys.ts'

/**
 * Emits the loops of a sort into the function of its frame, for one of about `wanted` pieces, and
 * returns their number and the scratch memory in bytes that each needs. Row by row, keys are computed into scratch memory and sorted there together with
 * their positions, which then go where the store says.
 */
export function emitSort(
  frame: Frame,
  scratch: Local<'i32'>,
  functions: SortFunctions,
  kernel: SortKernel,
  piece: Local<'i32'>,
  wanted: number,
): { readonly pieces: number; readonly scratchBytes: number } {
  const walk = mergeWalk(kernel)
  if (walk === undefined) return { pieces: 0, scratchBytes: 0 }
  const { sizes, outer, points, program, store } = walk
  const { f } = frame
  const length = sizeOf(points.map((axis) => sizes[axis] ?? 1))
  for (const operand of kernel.operands.keys()) frame.array(operand)
  const keys = f.local('i32', i32.add(scratch, i32.const(keysOffset(length))))
  const operand = kernel.operands.length
  const within = (base: Local<'i32'>) => {
    const place: ArrayPlace = { dtype: 'int32', base }
    return withArray(frame, operand, place)
  }
  const index = positionIndex(walk)
  const keyProgram = withSortKey(program, store.value, kernel.descending)
  const keyStore: Store = { value: keyProgram.length - 1, operand, index }
  const cut = chooseCut(outer, sizes, undefined, 1, wanted)
  emitPiece(f, cut, undefined, piece, (stretch) => {
    const loops = loopsWithin(sizes, outer, stretch)
    const nest = { loops, sizes, starts: startsOf(stretch), vector: -1, unroll: 1 }
    const rows = new LoopScope(f, nest)
    rows.emit(0, outer.length, [], oneLane, () => {
      const starts = new Map(
        outer.map((axis): [number, Code<'i32'>] => [axis, rows.axisValue(axis) ?? i32.const(0)]),
      )
      emitNest(within(keys), rowNest(walk, starts), keyProgram, [keyStore])
      const positions = f.local('i32', functions.call(scratch, length))
      const load = { op: 'load', dtype: 'int32', operand, index, within: [] } as const
      const stores = [{ ...store, value: 0 }]
      emitNest(within(positions), rowNest(walk, starts), [load], stores)
    })
  })
  const scratchBytes = Math.ceil(sortBytes(length) / 256) * 256
  return { pieces: cut?.pieces ?? 1, scratchBytes }
}

/** The position of a point in its row. */
function positionIndex({ sizes, points }: MergedWalk): IndexData {
  const strides = stridesOf(points.map((axis) => sizes[axis] ?? 1))
  const terms = points.map((axis, k) => ({ axis, coefficient: strides[k] ?? 1 }))
  return { constant: 0, terms, digits: [] }
}

/** Loops over the points of a row; the axes that count the rows are given. */
function rowNest({ sizes, points }: MergedWalk, starts: ReadonlyMap<number, Code<'i32'>>): Nest {
  const vectors = Math.ceil((sizes[points.at(-1) ?? -1] ?? 1) / lanesPerVector)
  return {
    loops: loopsOver(sizes, points),
    sizes,
    starts,
    vector: points.length - 1,
    unroll: Math.min(2, vectors),
  }
}
