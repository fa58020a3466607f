import {
  type ArithmeticDType,
  BackendError,
  byteLengthOf,
  createTypedArray,
  type DType,
  dtypes,
  type Kernel,
  type Plan,
  type Slot,
  viewTypedArray,
} from '@tensorweft/core'
import type { Binding } from './interpreter/binding.ts'

export const cpuDTypes = dtypes.filter((dtype) => dtype !== 'float16')

/** Where a slot lies in the current run. */
export interface Place {
  readonly memory: ArrayBuffer
  readonly byteOffset: number
}

/** The bindings of a plan: one for each slot and dtype that an operand of a kernel names. */
export class Bindings {
  private readonly plan: Plan
  private readonly bindings: Binding[] = []

  constructor(plan: Plan) {
    this.plan = plan
  }

  of(kernel: Kernel): Binding[] {
    return kernel.operands.map(({ slot, dtype }) => {
      if (this.plan.slots[slot] === undefined) {
        throw new BackendError('cpu.compile', {
          got: `slot ${slot} in the kernel '${kernel.label}'`,
          wanted: `one of the ${this.plan.slots.length} slots of the plan`,
        })
      }
      const own = cpuDType(dtype)
      const known = this.bindings.find((other) => other.slot === slot && other.dtype === dtype)
      if (known !== undefined) return known
      const binding: Binding = { slot, dtype: own, array: createTypedArray(dtype, 0) }
      this.bindings.push(binding)
      return binding
    })
  }

  /** Gives every binding its array. In the steady state most are where they were. */
  place(placeOf: (slot: Slot) => Place): void {
    for (const binding of this.bindings) {
      const slot = this.plan.slots[binding.slot]
      if (slot === undefined) continue
      const { memory, byteOffset } = placeOf(slot)
      const { array } = binding
      if (array.buffer === memory && array.byteOffset === byteOffset && array.length > 0) continue
      binding.array = arrayAt(binding, slot, memory, byteOffset)
    }
  }
}

function cpuDType(dtype: DType): ArithmeticDType {
  if (dtype !== 'float16') return dtype
  throw new BackendError('cpu.compile', {
    got: dtype,
    wanted: cpuDTypes.join(' or '),
    hint: 'cast to float32',
  })
}

function arrayAt({ dtype }: Binding, slot: Slot, memory: ArrayBuffer, byteOffset: number) {
  const byteLength = byteLengthOf(slot.dtype, slot.size)
  const isAligned = byteOffset % byteLengthOf(dtype) === 0
  if (isAligned && byteOffset >= 0 && byteOffset + byteLength <= memory.byteLength) {
    return viewTypedArray(dtype, memory, byteOffset, Math.floor(byteLength / byteLengthOf(dtype)))
  }
  throw new BackendError('cpu.run', {
    got: `a ${dtype} array of ${byteLength} bytes at byte ${byteOffset} of ${memory.byteLength}`,
    wanted: `a range inside the memory, at a multiple of ${byteLengthOf(dtype)} bytes`,
  })
}
