import {
  type Code,
  type FunctionBuilder,
  f32x4,
  i32,
  i32x4,
  type ModuleBuilder,
  v128,
} from '../assembler/index.ts'
import type { Vector } from '../scalar/vector.ts'

/** Rows and columns of the register tile: eight sums of four lanes. */
export const tileRows = 4
export const tileColumns = 8

const vectorBytes = 16
const rowBytes = tileRows * 4
const columnBytes = tileColumns * 4
export type ProductDType = 'float32' | 'int32' | 'uint8'

type MultiplyAdd = (a: Vector, b: Vector, sum: Vector) => Vector

const multiplyAddInteger: MultiplyAdd = (a, b, sum) => i32x4.add(sum, i32x4.mul(a, b))

const multiplyAdds: Readonly<Record<ProductDType, MultiplyAdd>> = {
  float32: (a, b, sum) => f32x4.add(sum, f32x4.mul(a, b)),
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
  readonly sums: Code<'i32'>
  readonly sumsRowBytes: number
  /** 0 where the sums start from nothing. */
  readonly accumulates: Code<'i32'>
}

/** Functions of a module that multiply packed panels, made when they are first used. */
export class MultiplyFunctions {
  readonly #module: ModuleBuilder
  readonly #made = new Map<ProductDType, FunctionBuilder>()

  constructor(module: ModuleBuilder) {
    this.#module = module
  }

  call(dtype: ProductDType, args: ProductArguments): Code<'none'> {
    const known = this.#made.get(dtype)
    const made = known ?? defineProduct(this.#module, dtype)
    this.#made.set(dtype, made)
    return made.call(
      args.depth,
      args.rowPanels,
      args.columnPanels,
      args.left,
      i32.const(args.leftPanelBytes),
      args.right,
      i32.const(args.rightPanelBytes),
      args.sums,
      i32.const(args.sumsRowBytes),
      args.accumulates,
    )
  }
}

/** All tiles of a block. A panel of the right operand stays in the first-level cache. */
function defineProduct(module: ModuleBuilder, dtype: ProductDType): FunctionBuilder {
  const tile = defineTile(module, dtype)
  const f = module.define(`multiply ${dtype}`)
  const [depth, rowPanels, columnPanels] = [
    f.parameter('i32'),
    f.parameter('i32'),
    f.parameter('i32'),
  ]
  const [left, leftBytes] = [f.parameter('i32'), f.parameter('i32')]
  const [right, rightBytes] = [f.parameter('i32'), f.parameter('i32')]
  const [sums, sumsRow, accumulates] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const [a, c, row] = [f.local('i32'), f.local('i32'), f.local('i32')]
  f.while(columnPanels, () => {
    f.set(a, left)
    f.set(c, sums)
    f.set(row, rowPanels)
    f.while(row, () => {
      f.do(tile.call(depth, a, right, c, sumsRow, accumulates))
      f.set(a, i32.add(a, leftBytes))
      f.set(c, i32.add(c, i32.mul(sumsRow, i32.const(tileRows))))
      f.set(row, i32.sub(row, i32.const(1)))
    })
    f.set(right, i32.add(right, rightBytes))
    f.set(sums, i32.add(sums, i32.const(columnBytes)))
    f.set(columnPanels, i32.sub(columnPanels, i32.const(1)))
  })
  return f
}

/** The micro-kernel: one tile of sums in registers over the whole depth of two panels. */
function defineTile(module: ModuleBuilder, dtype: ProductDType): FunctionBuilder {
  const f = module.define(`tile ${dtype}`)
  const [depth, left, right] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const [sums, sumsRow, accumulates] = [f.parameter('i32'), f.parameter('i32'), f.parameter('i32')]
  const columns = [0, 1]
  const tile = Array.from({ length: tileRows }, () => columns.map(() => f.local('v128')))
  const multiplyAdd = multiplyAdds[dtype]
  const [b0, b1] = [f.local('v128'), f.local('v128')]
  // One step of K a turn: when it is unrolled, older engines run out of registers.
  f.while(depth, () => {
    f.set(b0, v128.load(right))
    f.set(b1, v128.load(right, vectorBytes))
    tile.forEach(([sum0, sum1], row) => {
      if (sum0 === undefined || sum1 === undefined) return
      const a = f.local('v128', v128.load32Splat(left, row * 4))
      f.set(sum0, multiplyAdd(a, b0, sum0))
      f.set(sum1, multiplyAdd(a, b1, sum1))
    })
    f.set(left, i32.add(left, i32.const(rowBytes)))
    f.set(right, i32.add(right, i32.const(columnBytes)))
    f.set(depth, i32.sub(depth, i32.const(1)))
  })
  storeTile(f, dtype, tile, sums, sumsRow, accumulates)
  return f
}

function storeTile(
  f: FunctionBuilder,
  dtype: ProductDType,
  tile: readonly (readonly Vector[])[],
  sums: Code<'i32'>,
  sumsRow: Code<'i32'>,
  accumulates: Code<'i32'>,
): void {
  const to = f.local('i32', sums)
  const add = adds[dtype]
  const zero = i32x4.constSplat(0)
  const store = (finished: (sum: Vector, offset: number) => Vector) => {
    tile.forEach((row, r) => {
      row.forEach((sum, k) => {
        f.do(v128.store(to, finished(sum, k * vectorBytes), k * vectorBytes))
      })
      if (r + 1 < tileRows) f.set(to, i32.add(to, sumsRow))
    })
  }
  f.if(
    accumulates,
    () => store((sum, offset) => add(v128.load(to, offset), sum)),
    () => store((sum) => (dtype === 'uint8' ? add(sum, zero) : sum)),
  )
}
