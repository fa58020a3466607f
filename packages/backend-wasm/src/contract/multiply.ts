import {
  type Code,
  type FunctionBuilder,
  f32x4,
  i32,
  i32x4,
  type Local,
  type ModuleBuilder,
  v128,
} from '../assembler/index.ts'
import { multiplyAdd } from '../scalar/fused.ts'
import type { Vector, VectorLocal } from '../scalar/vector.ts'
import type { Tile } from './tile.ts'

const vectorBytes = 16
const lanes = 4
export type ProductDType = 'float32' | 'int32' | 'uint8'

type MultiplyAdd = (a: Vector, b: Vector, sum: Vector) => Vector

const multiplyAddInteger: MultiplyAdd = (a, b, sum) => i32x4.add(sum, i32x4.mul(a, b))

const multiplyAdds: Readonly<Record<ProductDType, MultiplyAdd>> = {
  float32: multiplyAdd,
  int32: multiplyAddInteger,
  uint8: multiplyAddInteger,
}

const adds: Readonly<Record<ProductDType, (a: Vector, b: Vector) => Vector>> = {
  float32: f32x4.add,
  int32: i32x4.add,
  uint8: (a, b) => v128.and(i32x4.add(a, b), i32x4.constSplat(255)),
}

/** What a product of panels is computed from; addresses and distances in bytes. */
export interface ProductArguments {
  readonly depth: Code<'i32'>
  readonly rowPanels: Code<'i32'>
  readonly columnPanels: Code<'i32'>
  readonly left: Code<'i32'>
  readonly leftPanelBytes: number
  readonly right: Code<'i32'>
  readonly rightPanelBytes: number
  /** From one point of depth to the next. */
  readonly rightStepBytes: number
  readonly sums: Code<'i32'>
  readonly sumsRowBytes: number
  /** 0 where the sums start from nothing. */
  readonly accumulates: Code<'i32'>
}

/** Functions of a module that multiply packed panels, made when they are first used. */
export class MultiplyFunctions {
  readonly #module: ModuleBuilder
  readonly #made = new Map<string, FunctionBuilder>()

  constructor(module: ModuleBuilder) {
    this.#module = module
  }

  call(dtype: ProductDType, tile: Tile, args: ProductArguments): Code<'none'> {
    const name = `multiply ${dtype} ${tile.rows}x${tile.columns}`
    const made = this.#made.get(name) ?? defineProduct(this.#module, name, dtype, tile)
    this.#made.set(name, made)
    return made.call(
      args.depth,
      args.rowPanels,
      args.columnPanels,
      args.left,
      i32.const(args.leftPanelBytes),
      args.right,
      i32.const(args.rightPanelBytes),
      i32.const(args.rightStepBytes),
      args.sums,
      i32.const(args.sumsRowBytes),
      args.accumulates,
    )
  }
}

/** All tiles of a block. A panel of the right operand stays in the first-level cache. */
export function defineProduct(
  module: ModuleBuilder,
  name: string,
  dtype: ProductDType,
  tile: Tile,
): FunctionBuilder {
  const column = defineColumn(module, `${name} tiles`, dtype, tile)
  const f = module.define(name)
  const [depth, rowPanels, columnPanels] = [
    f.parameter('i32'),
    f.parameter('i32'),
    f.parameter('i32'),
  ]
  const [left, leftBytes] = [f.parameter('i32'), f.parameter('i32')]
  const [right, rightBytes, step] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const [sums, sumsRow, accumulates] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  f.while(columnPanels, () => {
    f.do(column.call(depth, rowPanels, left, leftBytes, right, step, sums, sumsRow, accumulates))
    f.set(right, i32.add(right, rightBytes))
    f.set(sums, i32.add(sums, i32.const(tile.columns * 4)))
    f.set(columnPanels, i32.sub(columnPanels, i32.const(1)))
  })
  return f
}

/** The micro-kernel: tiles of sums in registers, one after the other along one right panel. */
function defineColumn(
  module: ModuleBuilder,
  name: string,
  dtype: ProductDType,
  { rows, columns }: Tile,
): FunctionBuilder {
  const f = module.define(name)
  const [depth, panels] = [f.parameter('i32'), f.parameter('i32')]
  const [left, leftBytes] = [f.parameter('i32'), f.parameter('i32')]
  const [right, step] = [f.parameter('i32'), f.parameter('i32')]
  const [to, sumsRow, accumulates] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const [a, b, k] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const vectors = Array.from({ length: columns / lanes }, () => f.local('v128'))
  const tile = Array.from({ length: rows }, () => vectors.map(() => f.local('v128')))
  const multiplyAddLanes = multiplyAdds[dtype]
  f.while(panels, () => {
    for (const sum of tile.flat()) f.set(sum, i32x4.constSplat(0))
    f.set(a, left)
    f.set(b, right)
    f.set(k, depth)
    // One step of K a turn: when it is unrolled, older engines run out of registers.
    f.while(k, () => {
      vectors.forEach((vector, n) => {
        f.set(vector, v128.load(b, n * vectorBytes))
      })
      tile.forEach((sums, row) => {
        const value = f.local('v128', v128.load32Splat(a, row * 4))
        sums.forEach((sum, n) => {
          f.set(sum, multiplyAddLanes(value, vectors[n] ?? value, sum))
        })
      })
      f.set(a, i32.add(a, i32.const(rows * 4)))
      f.set(b, i32.add(b, step))
      f.set(k, i32.sub(k, i32.const(1)))
    })
    storeTile(f, dtype, tile, to, sumsRow, accumulates)
    f.set(left, i32.add(left, leftBytes))
    f.set(panels, i32.sub(panels, i32.const(1)))
  })
  return f
}

/** Stores the rows of a tile and leaves `to` where the next row is. */
function storeTile(
  f: FunctionBuilder,
  dtype: ProductDType,
  tile: readonly (readonly VectorLocal[])[],
  to: Local<'i32'>,
  sumsRow: Code<'i32'>,
  accumulates: Code<'i32'>,
): void {
  const add = adds[dtype]
  const zero = i32x4.constSplat(0)
  const store = (finished: (sum: Vector, offset: number) => Vector) => {
    for (const row of tile) {
      row.forEach((sum, k) => {
        f.do(v128.store(to, finished(sum, k * vectorBytes), k * vectorBytes))
      })
      f.set(to, i32.add(to, sumsRow))
    }
  }
  f.if(
    accumulates,
    () => store((sum, offset) => add(v128.load(to, offset), sum)),
    () => store((sum) => (dtype === 'uint8' ? add(sum, zero) : sum)),
  )
}
