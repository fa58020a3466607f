import type { Store } from '@tensorweft/core'
import type { Action } from './action.ts'
import type { Binding } from './binding.ts'
import { IndexVector } from './index-vector.ts'
import { type Cell, partOf } from './registers.ts'
import { type Runs, runsOf } from './runs.ts'
import { affineOver, type Space } from './space.ts'
import { Walk } from './walk.ts'

/** Makes the last instruction of a program write where the store would copy to. */
class RedirectedStore implements Action {
  private readonly binding: Binding
  private readonly cell: Cell
  private readonly constant: number

  constructor(binding: Binding, cell: Cell, constant: number) {
    this.binding = binding
    this.cell = cell
    this.constant = constant
  }

  run(start: number, count: number): void {
    this.cell.array = partOf(this.binding.array, this.constant + start, count)
  }
}

class AffineStore implements Action {
  private readonly binding: Binding
  private readonly cell: Cell
  private readonly walk: Walk
  private readonly runs: Runs

  constructor(binding: Binding, cell: Cell, walk: Walk) {
    this.binding = binding
    this.cell = cell
    this.walk = walk
    this.runs = runsOf[binding.dtype]
  }

  run(start: number, count: number): void {
    const { walk, runs, cell } = this
    const data = this.binding.array
    const stride = walk.strides[0] ?? 0
    walk.seek(start)
    for (let o = 0; o < count; ) {
      const n = Math.min(walk.remaining, count - o)
      runs.scatter(n, data, walk.values[0] ?? 0, stride, cell.array, o)
      walk.advance(n)
      o += n
    }
  }
}

class VectorStore implements Action {
  private readonly binding: Binding
  private readonly cell: Cell
  private readonly index: IndexVector

  constructor(binding: Binding, cell: Cell, index: IndexVector) {
    this.binding = binding
    this.cell = cell
    this.index = index
  }

  run(start: number, count: number): void {
    const { array } = this.cell
    const data = this.binding.array
    this.index.fill(start, count)
    for (let k = 0; k < count; k++) data[this.index.values[k] ?? 0] = array[k] ?? 0
  }
}

/** Whether consecutive points go to consecutive elements. */
export function isConsecutive(store: Store, space: Space): boolean {
  if (store.index.digits.length > 0) return false
  const walk = new Walk(space, [affineOver(space, store.index)])
  return walk.isRun && (walk.strides[0] === 1 || space.size === 1)
}

/** To run before the instruction that makes `cell`, which must be the last of its program. */
export function redirect(store: Store, binding: Binding, cell: Cell): Action {
  return new RedirectedStore(binding, cell, store.index.constant)
}

export function storeFrom(
  store: Store,
  space: Space,
  binding: Binding,
  cell: Cell,
  capacity: number,
): Action {
  if (store.index.digits.length > 0) {
    return new VectorStore(binding, cell, new IndexVector(space, store.index, capacity))
  }
  return new AffineStore(binding, cell, new Walk(space, [affineOver(space, store.index)]))
}
