import { BackendError, type Kernel, type Plan } from '@tensorweft/core'
import { type Code, type FunctionBuilder, i32, type Local } from '../assembler/index.ts'
import type { ArrayPlace, Frame } from '../loops/frame.ts'
import type { GatherFunctions } from '../loops/gather.ts'
import { laneDType } from '../scalar/register.ts'

/**
 * The table that a run hands to its kernels: the address of every slot, then the numbers given
 * with the run; four bytes each.
 */
export const tableEntryBytes = 4

/** The frame of a function that gets the address of the table as a parameter. */
export class KernelFrame implements Frame {
  readonly f: FunctionBuilder
  readonly gathers: GatherFunctions
  readonly #table: Local<'i32'>
  readonly #plan: Plan
  readonly #kernel: Kernel
  readonly #arrays = new Map<number, ArrayPlace>()

  constructor(
    f: FunctionBuilder,
    gathers: GatherFunctions,
    table: Local<'i32'>,
    plan: Plan,
    kernel: Kernel,
  ) {
    this.f = f
    this.gathers = gathers
    this.#table = table
    this.#plan = plan
    this.#kernel = kernel
  }

  /** Addresses are read where the code of the function begins: ask for arrays before loops. */
  array(operand: number): ArrayPlace {
    const known = this.#arrays.get(operand)
    if (known !== undefined) return known
    const { slot, dtype } = this.#operand(operand)
    const base = this.f.local('i32', i32.load(this.#table, slot * tableEntryBytes))
    const place = { dtype: laneDType(dtype), base }
    this.#arrays.set(operand, place)
    return place
  }

  scalar(number: number): { readonly address: Code<'i32'>; readonly offset: number } {
    return { address: this.#table, offset: (this.#plan.slots.length + number) * tableEntryBytes }
  }

  #operand(operand: number) {
    const { operands, label } = this.#kernel
    const known = operands[operand]
    if (known !== undefined && this.#plan.slots[known.slot] !== undefined) return known
    throw new BackendError('wasm.compile', {
      got: `operand ${operand} in slot ${known?.slot} in the kernel '${label}'`,
      wanted: `an operand of the kernel in one of the ${this.#plan.slots.length} slots of the plan`,
    })
  }
}
