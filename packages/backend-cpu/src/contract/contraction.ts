import { BackendError, type ContractKernel, type DType, isFloat, sizeOf } from '@tensorweft/core'
import type { Binding, Environment } from '../interpreter/binding.ts'
import { type CompiledProgram, compileProgram } from '../interpreter/compile-program.ts'
import { chunkSize } from '../interpreter/registers.ts'
import { createSpace } from '../interpreter/space.ts'
import type { CompiledKernel } from '../kernel.ts'
import { type Accumulators, createAccumulators } from '../loops/combine.ts'
import {
  type MicroKernel,
  multiplyFloats,
  multiplyIntegers,
  type Panels,
  tileColumns,
  tileRows,
} from './micro-kernel.ts'
import { packerOfLoad } from './pack-load.ts'
import { packerOfProgram } from './pack-program.ts'
import type { Packer, Region, Side } from './side.ts'
import { TileValues } from './tile-values.ts'

/** Blocks of M, N and K whose panels and sums fit the second-level cache together. */
const blockRows = 128
const blockColumns = 258
const blockDepth = 320

/** About equal blocks of at most `limit`, in multiples of `tile` but for the last. */
function blockOf(total: number, limit: number, tile: number): number {
  const blocks = Math.max(Math.ceil(total / limit), 1)
  return Math.max(Math.ceil(total / blocks / tile) * tile, tile)
}

/** One packed operand, which remembers what it holds. */
class PackedSide {
  readonly panels: Panels
  private readonly packer: Packer
  private readonly packed: Region = { batch: -1, row: 0, rows: 0, start: 0, depth: 0 }

  constructor(side: Side, dtype: DType, size: number) {
    this.packer = packerOfLoad(side) ?? packerOfProgram(side)
    this.panels = createAccumulators(dtype, size)
  }

  begin(): void {
    this.packer.begin()
    this.packed.batch = -1
  }

  /** Packs a region unless it is the one that was packed last. */
  pack(batch: number, row: number, rows: number, start: number, depth: number): void {
    const { packed } = this
    if (packed.batch === batch && packed.row === row && packed.start === start) return
    packed.batch = batch
    packed.row = row
    packed.rows = rows
    packed.start = start
    packed.depth = depth
    this.packer.pack(packed, this.panels)
  }
}

/**
 * The one template of all contractions. For each block of the output, block after block of K is
 * packed from both operands and multiplied into the sums of the output block; then the epilogue
 * runs over the sums. The order of K depends on its extent alone.
 */
class Contraction implements CompiledKernel {
  private readonly batch: number
  private readonly m: number
  private readonly n: number
  private readonly k: number
  private readonly rowBlock: number
  private readonly columnBlock: number
  private readonly depthBlock: number
  private readonly left: PackedSide
  private readonly right: PackedSide
  private readonly microKernel: MicroKernel
  private readonly sums: Accumulators
  private readonly tile: TileValues
  private readonly epilogue: CompiledProgram

  constructor(kernel: ContractKernel, operands: readonly Binding[], scalars: readonly number[]) {
    const { axes, batch, m, n, k } = kernel
    const extent = (group: readonly number[]) => sizeOf(createSpace(axes, group).sizes)
    this.batch = extent(batch)
    this.m = extent(m)
    this.n = extent(n)
    this.k = extent(k)
    this.rowBlock = blockOf(this.m, blockRows, tileRows)
    this.columnBlock = blockOf(this.n, blockColumns, tileColumns)
    this.depthBlock = blockOf(this.k, blockDepth, 1)
    const dtype = dtypeOf(kernel)
    const environment: Environment = { operands, scalars, reduced: [] }
    this.left = new PackedSide(
      { ...kernel.left, axes, batch, rows: m, depth: k, tile: tileRows, environment },
      dtype,
      this.rowBlock * this.depthBlock,
    )
    this.right = new PackedSide(
      { ...kernel.right, axes, batch, rows: n, depth: k, tile: tileColumns, environment },
      dtype,
      this.columnBlock * this.depthBlock,
    )
    this.microKernel = isFloat(dtype) ? multiplyFloats : multiplyIntegers
    this.sums = createAccumulators(dtype, this.rowBlock * this.columnBlock)
    this.tile = new TileValues(this.sums)
    const space = createSpace(axes, [...batch, ...m, ...n])
    const reduced = [this.tile]
    this.epilogue = compileProgram(
      kernel.epilogue,
      space,
      { operands, scalars, reduced },
      kernel.stores,
      [],
    )
  }

  run(): void {
    this.left.begin()
    this.right.begin()
    this.epilogue.begin()
    for (let batch = 0; batch < this.batch; batch++) {
      for (let row = 0; row < this.m; row += this.rowBlock) {
        const rows = Math.min(this.rowBlock, this.m - row)
        for (let column = 0; column < this.n; column += this.columnBlock) {
          const columns = Math.min(this.columnBlock, this.n - column)
          this.accumulate(batch, row, rows, column, columns)
          this.finish(batch, row, rows, column, columns)
        }
      }
    }
  }

  private accumulate(
    batch: number,
    row: number,
    rows: number,
    column: number,
    columns: number,
  ): void {
    const stride = Math.ceil(columns / tileColumns) * tileColumns
    this.sums.fill(0, 0, Math.ceil(rows / tileRows) * tileRows * stride)
    this.tile.stride = stride
    for (let start = 0; start < this.k; start += this.depthBlock) {
      const depth = Math.min(this.depthBlock, this.k - start)
      this.left.pack(batch, row, rows, start, depth)
      this.right.pack(batch, column, columns, start, depth)
      this.multiply(rows, columns, depth, stride)
    }
  }

  /** A panel of the right operand stays in the first-level cache while the left ones pass by. */
  private multiply(rows: number, columns: number, depth: number, stride: number): void {
    const { microKernel, sums } = this
    const left = this.left.panels
    const right = this.right.panels
    for (let c = 0; c < columns; c += tileColumns) {
      for (let r = 0; r < rows; r += tileRows) {
        microKernel(depth, left, r * depth, right, c * depth, sums, r * stride + c, stride)
      }
    }
  }

  /** The epilogue: several rows at a time where they are whole, and so consecutive. */
  private finish(batch: number, row: number, rows: number, column: number, columns: number): void {
    const { tile, epilogue } = this
    const atOnce = columns === this.n ? Math.floor(chunkSize / columns) : 1
    tile.columns = columns
    for (let r = 0; r < rows; r += atOnce) {
      tile.row = r
      const start = (batch * this.m + row + r) * this.n + column
      epilogue.evaluate(start, Math.min(atOnce, rows - r) * columns)
    }
  }
}

function dtypeOf({ label, left, right }: ContractKernel): DType {
  const dtype = left.program.at(-1)?.dtype
  const other = right.program.at(-1)?.dtype
  if (dtype !== undefined && dtype === other && dtype !== 'bool') return dtype
  throw new BackendError('cpu.compile', {
    got: `a contraction of ${dtype} and ${other} in '${label}'`,
    wanted: 'two operands of one dtype, which is not bool',
  })
}

export function compileContraction(
  kernel: ContractKernel,
  operands: readonly Binding[],
  scalars: readonly number[],
): CompiledKernel {
  return new Contraction(kernel, operands, scalars)
}
