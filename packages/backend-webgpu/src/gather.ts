import {
  byteLengthOf,
  type Kernel,
  OutOfMemoryError,
  type Plan,
  writtenOperands,
} from '@tensorweft/core'
import { askForMemory, type DeviceMemory } from './memory/device-memory.ts'
import type { Slab } from './memory/slabs.ts'
import { bufferUsage } from './memory/usage.ts'
import type { Runtime } from './runtime.ts'

/** Copies between an array and its place in a buffer that stands in for its slab. */
interface Relocation {
  readonly slot: number
  readonly buffer: GPUBuffer
  readonly byteOffset: number
  readonly byteLength: number
  readonly isWritten: boolean
}

/** Where arrays stand in a dispatch that may not bind all slabs that they lie in. */
export interface Gathered {
  readonly memories: readonly DeviceMemory[]
  readonly relocations: readonly Relocation[]
}

/** An array and what it lies in. */
export interface Held<S> {
  readonly slot: number
  readonly slab: S
  readonly byteLength: number
}

/** What a dispatch binds: slabs as they are, then a buffer for each list of arrays. */
export interface Arrangement<S> {
  readonly stay: readonly S[]
  readonly moved: readonly (readonly Held<S>[])[]
}

/** Where arrays start in buffers of their own. */
const granularity = 256

/**
 * What a kernel binds for arrays in `slabs`, and which of that each operand lies in.
 *
 * @throws OutOfMemoryError if these are too many, and too large for the buffers that may be bound.
 */
export function arrange(
  { operands, label }: Kernel,
  plan: Plan,
  slabs: readonly Slab[],
  { maxBindings, slabs: { maxByteLength } }: Runtime,
): Arrangement<Slab> & { readonly bindings: readonly number[] } {
  const places = operands.flatMap(({ slot }) => slabs[slot] ?? [])
  const distinct = [...new Set(places)]
  if (distinct.length <= maxBindings) {
    return { stay: distinct, moved: [], bindings: places.map((slab) => distinct.indexOf(slab)) }
  }
  const slots = [...new Set(operands.map(({ slot }) => slot))]
  const arrays = slots.flatMap((slot): Held<Slab>[] => {
    const slab = slabs[slot]
    return slab === undefined ? [] : [{ slot, slab, byteLength: byteLengthIn(plan, slot) }]
  })
  const found = distribute(arrays, maxBindings, maxByteLength)
  if (found === undefined) {
    const byteLength = arrays.reduce((sum, array) => sum + array.byteLength, 0)
    throw new OutOfMemoryError('webgpu.run', {
      got: `${arrays.length} arrays of ${byteLength} bytes in all for the kernel '${label}'`,
      wanted: `what fits into ${maxBindings} buffers of ${maxByteLength} bytes, which the device binds`,
      hint: 'realize parts of the expression first, or use a smaller batch',
    })
  }
  const { stay, moved } = found
  const bindings = places.map((slab, k) => {
    const buffer = moved.findIndex((arrays) =>
      arrays.some(({ slot }) => slot === operands[k]?.slot),
    )
    return buffer < 0 ? stay.indexOf(slab) : stay.length + buffer
  })
  return { stay, moved, bindings }
}

/**
 * The slabs that stay, and the arrays in each further buffer: those of the slabs of which the
 * kernel uses least. Undefined where the buffers that may be bound are too small for all.
 */
export function distribute<S>(
  arrays: readonly Held<S>[],
  maxBindings: number,
  maxByteLength: number,
): Arrangement<S> | undefined {
  const used = new Map<S, number>()
  for (const { slab, byteLength } of arrays) {
    used.set(slab, (used.get(slab) ?? 0) + byteLength)
  }
  const slabs = [...used].sort(([, a], [, b]) => b - a).map(([slab]) => slab)
  const byLength = [...arrays].sort((a, b) => b.byteLength - a.byteLength)
  for (let buffers = 1; buffers <= maxBindings; buffers++) {
    const stay = slabs.slice(0, maxBindings - buffers)
    const rest = byLength.filter(({ slab }) => !stay.includes(slab))
    const moved = pack(rest, maxByteLength)
    if (moved.length <= buffers) return { stay, moved }
  }
  return undefined
}

/** Each array goes into the first buffer that has room for it; the longest come first. */
function pack<S>(arrays: readonly Held<S>[], maxByteLength: number): Held<S>[][] {
  const buffers: { free: number; readonly arrays: Held<S>[] }[] = []
  for (const array of arrays) {
    let target = buffers.find(({ free }) => free >= roomFor(array.byteLength))
    if (target === undefined) {
      target = { free: maxByteLength, arrays: [] }
      buffers.push(target)
    }
    target.free -= roomFor(array.byteLength)
    target.arrays.push(array)
  }
  return buffers.map(({ arrays }) => arrays)
}

/** Buffers with a place for each array. */
export function gather(
  kernel: Kernel,
  moved: readonly (readonly Held<Slab>[])[],
  device: GPUDevice,
): Gathered | undefined {
  if (moved.length === 0) return undefined
  const written = new Set(writtenOperands(kernel).map((operand) => kernel.operands[operand]?.slot))
  const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
  const memories: DeviceMemory[] = []
  const relocations: Relocation[] = []
  for (const arrays of moved) {
    const size = arrays.reduce((sum, { byteLength }) => sum + roomFor(byteLength), 0)
    const memory = askForMemory(device, `gathered for ${kernel.label}`, size, usage)
    const { buffer } = memory
    let byteOffset = 0
    for (const { slot, byteLength } of arrays) {
      relocations.push({ slot, buffer, byteOffset, byteLength, isWritten: written.has(slot) })
      byteOffset += roomFor(byteLength)
    }
    memories.push(memory)
  }
  return { memories, relocations }
}

/** Whole words: what copies take. */
function byteLengthIn(plan: Plan, slot: number): number {
  const { dtype = 'float32', size = 0 } = plan.slots[slot] ?? {}
  return Math.ceil(byteLengthOf(dtype, size) / 4) * 4
}

function roomFor(byteLength: number): number {
  return Math.max(Math.ceil(byteLength / granularity), 1) * granularity
}
