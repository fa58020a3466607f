import type { DType } from '../dtype.ts'
import { TraceError } from '../errors.ts'
import { runInScope } from '../graph/scope.ts'
import { Node, type Tensor, type TensorSpec } from '../graph/tensor.ts'
import type { Cell } from './cell.ts'
import { noteVersion } from './versions.ts'

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
    noteVersion(placeholder, cell)
    this.reads.set(cell, placeholder)
    return placeholder
  }

  /** Makes `value` what `cell` holds from this point of the function on. */
  write(cell: Cell, value: Tensor<DType>): void {
    noteVersion(value.node, cell)
    this.writes.set(cell, value)
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

/** Runs `body` while `trace` records. Tensors of a trace belong to no scope around it. */
export function recordTrace<T>(trace: Trace, body: () => T): T {
  const outer = current
  current = trace
  try {
    return runInScope(undefined, body)
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
