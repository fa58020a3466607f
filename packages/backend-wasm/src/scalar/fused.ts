import { f32x4, relaxed, v128 } from '../assembler/index.ts'
import { hasRelaxed } from './relaxed.ts'
import type { Vector } from './vector.ts'

/** `a · b + c`, rounded once where the machine can: what is made of it must be right either way. */
export function multiplyAdd(a: Vector, b: Vector, c: Vector): Vector {
  return hasRelaxed() ? relaxed.maddF32x4(a, b, c) : f32x4.add(f32x4.mul(a, b), c)
}

/** `c − a · b`, the same. */
export function multiplySubtract(a: Vector, b: Vector, c: Vector): Vector {
  return hasRelaxed() ? relaxed.nmaddF32x4(a, b, c) : f32x4.sub(c, f32x4.mul(a, b))
}

/** Lanes of `a` where the mask is all ones, of `b` where it is all zeros. */
export function choose(a: Vector, b: Vector, mask: Vector): Vector {
  return hasRelaxed() ? relaxed.laneSelectI32x4(a, b, mask) : v128.bitSelect(a, b, mask)
}
