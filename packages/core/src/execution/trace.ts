import type { DType } from '../dtype.ts'
import { TraceError } from '../errors.ts'
import { Node, type Tensor, type TensorSpec } from '../graph/tensor.ts'

/** A place that holds a value which a compiled function may read and replace. */
export interface Cell {
  /** The value now, outside any trace. */
  readonly node: Node
}

/** What a function does with its arguments and with cells, recorded while it runs once. */
export class Trace {
  /** Stand-ins for the cells' values at the call, in the order of their first use. */
  readonly reads = new Map<Cell, Node>()
  /** What cells hold at the end. */
  readonly writes = new Map<Cell, Tensor<DType>>()

  /** The node that stands for what `cell` holds at this point of the function. */
  read(cell: Cell): Node {
    const written = this.writes.get(cell)
    if (written !== undefined) return written.node
    const known = this.reads.get(cell)
    if (known !== undefined) return known
    const placeholder = createPlaceholder(cell.node)
    this.reads.set(cell, placeholder)
    return placeholder
  }
}

export function createPlaceholder({ shape, dtype }: TensorSpec): Node {
  return new Node({ kind: 'placeholder' }, [], { shape, dtype })
}

let current: Trace | undefined

/** The trace that is being recorded, if any. */
export function currentTrace(): Trace | undefined {
  return current
}

/** Runs `body` while `trace` records. */
export function recordTrace<T>(trace: Trace, body: () => T): T {
  const outer = current
  current = trace
  try {
    return body()
  } finally {
    current = outer
  }
}

/** Throws TraceError inside a function under `compile`. */
export function assertNotTracing(op: string): void {
  if (current === undefined) return
  throw new TraceError(op, {
    got: 'a read inside a function under compile, where values do not exist yet',
    hint: 'return the tensor and read what the compiled call returns',
  })
}
