import { type Code, i32, i32x4 } from '../assembler/index.ts'
import type { LocalSource, Vector } from './vector.ts'

interface Count {
  readonly value: Vector
  readonly constant: number | undefined
}

type ShiftAll = (a: Vector, count: number) => Vector
type ShiftOne = (a: Code<'i32'>, count: Code<'i32'>) => Code<'i32'>

/** Vectors shift all lanes by one count; counts that differ are taken lane by lane. */
function shift(all: ShiftAll, one: ShiftOne) {
  return (f: LocalSource, a: Count, count: Count): Vector => {
    if (count.constant !== undefined) return all(a.value, count.constant)
    const lane = (k: number) =>
      one(i32x4.extractLane(a.value, k), i32x4.extractLane(count.value, k))
    const first = f.local('v128', i32x4.splat(lane(0)))
    return [1, 2, 3].reduce<Vector>((vector, k) => i32x4.replaceLane(vector, k, lane(k)), first)
  }
}

export const shiftLeft = shift(i32x4.shl, i32.shl)
export const shiftRight = shift(i32x4.shrU, i32.shrU)
