import type { Backend, BufferView } from '../backend.ts'
import type { GraphStructure } from '../graph/structure.ts'

/**
 * Looks through the values of a graph before it is run.
 *
 * @param arrays Views of `structure.arrays`, in order.
 * @param scalars Values of `structure.numbers`, in order.
 */
export type NumericsCheck = (
  structure: GraphStructure,
  arrays: readonly BufferView[],
  scalars: readonly number[],
  backend: Backend,
) => Promise<void>

// Kept here, so that only programs that ask for the check carry its code.
let current: NumericsCheck | undefined

/** The check that is made before each run, if any. */
export function numericsCheck(): NumericsCheck | undefined {
  return current
}

export function setNumericsCheck(check: NumericsCheck | undefined): void {
  current = check
}
