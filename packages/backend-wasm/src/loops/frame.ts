import type { Code, FunctionBuilder, Local } from '../assembler/index.ts'
import type { LaneDType } from '../scalar/register.ts'
import type { GatherFunctions } from './gather.ts'

/** An array that a kernel touches: its first byte is at the address in `base`. */
export interface ArrayPlace {
  readonly dtype: LaneDType
  readonly base: Local<'i32'>
}

/** What code of a kernel refers to outside its loops. */
export interface Frame {
  readonly f: FunctionBuilder
  readonly gathers: GatherFunctions
  array(operand: number): ArrayPlace
  /** Where a number given with the run is: four bytes, a float32 or an int32. */
  scalar(number: number): { readonly address: Code<'i32'>; readonly offset: number }
}

/** A frame with one more array. */
export function withArray(frame: Frame, operand: number, place: ArrayPlace): Frame {
  return {
    f: frame.f,
    gathers: frame.gathers,
    array: (number) => (number === operand ? place : frame.array(number)),
    scalar: (number) => frame.scalar(number),
  }
}

/** Bytes of an element in memory. */
export function elementBytes(dtype: LaneDType): number {
  return dtype === 'float32' || dtype === 'int32' ? 4 : 1
}
