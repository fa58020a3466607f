import type { IndexData } from '@tensorweft/core'
import { type Code, i32, i32x4 } from '../assembler/index.ts'
import type { LocalSource, Vector } from '../scalar/vector.ts'
import { type AxisValue, addConstant, indexCode } from './index-code.ts'
import { lanesPerVector, type Nest, type Part } from './nest.ts'

/** `start`, `start + step`, `start + 2 step`, `start + 3 step`. */
export function ramp(start: Code<'i32'>, step: number): Vector {
  const splat = i32x4.splat(start)
  return step === 0 ? splat : i32x4.add(splat, i32x4.const(0, step, 2 * step, 3 * step))
}

/** `base + scale · index` lane by lane: for digits that differ from lane to lane. */
export function laneIndex(
  f: LocalSource,
  nest: Nest,
  index: IndexData,
  part: Part,
  axisValue: AxisValue,
  scale = 1,
  base?: Code<'i32'>,
): Vector {
  const vectorAxis = nest.loops[nest.vector]?.axis
  const lane = (k: number) => {
    const ahead = part.offset + Math.min(k, part.lanes - 1)
    const valueAt: AxisValue = (axis) => {
      const value = axisValue(axis)
      if (axis !== vectorAxis) return value
      return value === undefined ? i32.const(ahead) : addConstant(value, ahead)
    }
    return indexCode(index, nest.sizes, valueAt, scale, base)
  }
  const first = f.local('v128', i32x4.splat(lane(0)))
  return Array.from({ length: lanesPerVector - 1 }, (_, k) => k + 1).reduce<Vector>(
    (vector, k) => i32x4.replaceLane(vector, k, lane(k)),
    first,
  )
}
