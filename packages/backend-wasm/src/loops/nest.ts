import type { IndexData } from '@tensorweft/core'
import type { Code, Local } from '../assembler/index.ts'
import { axesOf } from './bounds.ts'

/** One loop of a nest, over an axis from its start on. */
export interface Loop {
  readonly axis: number
  /** Number of points: known, or a variable that is at least 1. */
  readonly extent: number | Local<'i32'>
}

/** Loops, outermost first, and what is known about the axes they and their surroundings walk. */
export interface Nest {
  readonly loops: readonly Loop[]
  /** Sizes of all axes of the kernel: an axis never has a value beyond. */
  readonly sizes: readonly number[]
  /** First values of axes that do not start at 0; the value of axes without a loop. */
  readonly starts: ReadonlyMap<number, Code<'i32'>>
  /** Position of the loop that is taken four lanes at a time, or −1. */
  readonly vector: number
  /** Vectors that one turn of the vector loop takes. */
  readonly unroll: number
}

/** Lanes that are computed together: `lanes` points of the vector loop, `offset` points on. */
export interface Part {
  readonly offset: number
  readonly lanes: number
}

export const lanesPerVector = 4

/** Parts for `count` points; the last one may be incomplete. */
export function partsFor(count: number): Part[] {
  return Array.from({ length: Math.ceil(count / lanesPerVector) }, (_, k) => {
    const offset = k * lanesPerVector
    return { offset, lanes: Math.min(lanesPerVector, count - offset) }
  })
}

/** How many loops must be entered before all of the axes are known. */
export function depthOfAxes({ loops }: Nest, axes: readonly number[]): number {
  return loops.reduce((depth, { axis }, k) => (axes.includes(axis) ? k + 1 : depth), 0)
}

/** Whether an index differs from lane to lane. */
export function isVarying({ loops, vector }: Nest, index: IndexData): boolean {
  const axis = loops[vector]?.axis
  return axis !== undefined && axesOf(index).includes(axis)
}
