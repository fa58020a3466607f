import type { Store } from './kernel.ts'
import type { IndexData, Program, RangeData, Step } from './program.ts'

export type MapIndex = (index: IndexData) => IndexData

/** All indexes of a program. */
export function indicesOfProgram(program: Program): IndexData[] {
  return program.flatMap((step) => {
    switch (step.op) {
      case 'load':
      case 'gather':
        return [step.index, ...step.within.map(({ index }) => index)]
      case 'index':
        return [step.index]
      case 'inside':
        return step.within.map(({ index }) => index)
      default:
        return []
    }
  })
}

/** A program with other indexes. */
export function mapProgram(program: Program, map: MapIndex): Program {
  const ranges = (within: readonly RangeData[]) =>
    within.map((range) => ({ ...range, index: map(range.index) }))
  return program.map((step): Step => {
    switch (step.op) {
      case 'load':
      case 'gather':
        return { ...step, index: map(step.index), within: ranges(step.within) }
      case 'index':
        return { ...step, index: map(step.index) }
      case 'inside':
        return { ...step, within: ranges(step.within) }
      default:
        return step
    }
  })
}

export function mapStores(stores: readonly Store[], map: MapIndex): Store[] {
  return stores.map((store) => ({ ...store, index: map(store.index) }))
}
