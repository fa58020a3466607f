import { f32x4, i32x4, v128 } from '../assembler/index.ts'
import { constantOf, type LaneDType } from './register.ts'
import type { Vector } from './vector.ts'

/** Converts by the rules of `castNumber`, except that integers wrap to integers. */
export function cast(value: Vector, from: LaneDType, to: LaneDType): Vector {
  if (from === to) return value
  if (from === 'bool')
    return v128.and(value, to === 'float32' ? constantOf(to, 1) : i32x4.constSplat(1))
  if (from === 'float32') return castFloat(value, to)
  switch (to) {
    case 'float32':
      return f32x4.convertI32x4S(value)
    case 'bool':
      return i32x4.ne(value, i32x4.constSplat(0))
    case 'uint8':
      return v128.and(value, i32x4.constSplat(255))
    case 'int32':
      return value
  }
}

function castFloat(value: Vector, to: LaneDType): Vector {
  switch (to) {
    case 'int32':
      return i32x4.truncSatF32x4S(value)
    case 'uint8':
      return i32x4.minU(i32x4.truncSatF32x4U(value), i32x4.constSplat(255))
    case 'bool':
      return f32x4.ne(value, f32x4.constSplat(0))
    case 'float32':
      return value
  }
}
