import { BackendError, type ContractKernel, type Program } from '@tensorweft/core'
import { axisCounters, splitLines } from '../wgsl/counters.ts'
import type { Counters } from '../wgsl/index-text.ts'
import { literal } from '../wgsl/literal.ts'
import { block, isRead, programText } from '../wgsl/program-text.ts'
import { indent, type Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import { invocations, tileDepth, tileRows } from './contract-tile.ts'

/** Values of a tile that one invocation loads. */
const perInvocation = (tileRows * tileDepth) / invocations

/**
 * One operand of a contraction: fills its tile, `[depth][row]`. Neighbouring invocations walk along
 * the axis on which the operand is contiguous, and each loads several rows of one depth, or several
 * depths of one row. Row numbers are split into counters once, before the loop over K.
 */
export class ContractSide {
  readonly #kernel: ContractKernel
  readonly #shader: Shader
  readonly #name: 'left' | 'right'
  readonly #rowAxes: readonly number[]
  readonly #rows: number
  readonly #depth: number
  readonly #program: Program
  readonly #alongDepth: boolean

  /** `rows`: extent of M or N, `depth`: extent of K. */
  constructor(
    kernel: ContractKernel,
    shader: Shader,
    name: 'left' | 'right',
    rows: number,
    depth: number,
  ) {
    this.#kernel = kernel
    this.#shader = shader
    this.#name = name
    this.#rowAxes = name === 'left' ? kernel.m : kernel.n
    this.#rows = rows
    this.#depth = depth
    this.#program = kernel[name].program
    this.#alongDepth = hasUnitStride(this.#program, kernel.axes, kernel.k)
    const type = typeOf(this.#program.at(-1)?.dtype ?? 'float32')
    shader.declare(`var<workgroup> ${name}_tile: array<${type}, ${tileRows * tileDepth}>;`)
  }

  /** Statements before the loop over K. */
  prepare(): string[] {
    const axes = this.#keptAxes()
    if (!this.#alongDepth)
      return [...this.#rowLines(), ...this.#split(this.#rowName, this.#rowAxes)]
    if (axes.length === 0) return []
    return [
      ...axes.map((axis) => `var ${this.#kept(axis)}: array<i32, ${perInvocation}>;`),
      `for (var q = 0u; q < ${perInvocation}u; q++) {`,
      ...indent([
        ...this.#rowLines(),
        ...this.#split(this.#rowName, this.#rowAxes),
        ...axes.map((axis) => `${this.#kept(axis)}[q] = i${axis};`),
      ]),
      '}',
    ]
  }

  /** Statements that fill the tile with the depths from `depth` on. */
  load(): string[] {
    const depth = [...this.#depthLines(), ...this.#split(this.#depthName, this.#kernel.k)]
    const [once, each] = this.#alongDepth
      ? [depth, [...this.#rowLines(), ...this.#keptRow()]]
      : [[], depth]
    return block([
      ...once,
      `for (var q = 0u; q < ${perInvocation}u; q++) {`,
      ...indent([...each, ...this.#loadElement()]),
      '}',
    ])
  }

  /** One element of the tile, 0 outside of the operand. */
  #loadElement(): string[] {
    const { lines, values } = programText(this.#program, {
      shader: this.#shader,
      counters: this.#counters(),
      reduced: () => this.#refuse('a reduction', 'operands without reductions'),
    })
    const [row, depth] = [this.#rowName, this.#depthName]
    const at = `(${depth} - depth) * ${tileRows}u + ${row} - ${this.#first()}`
    // A branch that stores on either side makes some compilers take minutes.
    return [
      `var element = ${literal(0, this.#program.at(-1)?.dtype ?? 'float32')};`,
      `if ((${row} < ${this.#rows}u) & (${depth} < ${this.#depth}u)) {`,
      ...indent([...lines, `element = ${values.at(-1)};`]),
      '}',
      `${this.#name}_tile[${at}] = element;`,
    ]
  }

  get #rowName(): string {
    return `${this.#name}_row`
  }

  get #depthName(): string {
    return `${this.#name}_depth`
  }

  #first(): string {
    return this.#name === 'left' ? 'first_row' : 'first_column'
  }

  /** The row that this invocation loads; number `q` of several where it walks along the depth. */
  #rowLines(): string[] {
    const step = invocations / tileDepth
    const inTile = this.#alongDepth
      ? `local / ${tileDepth}u + q * ${step}u`
      : `local % ${tileRows}u`
    return [`let ${this.#rowName} = ${this.#first()} + ${inTile};`]
  }

  #depthLines(): string[] {
    const step = invocations / tileRows
    const inTile = this.#alongDepth
      ? `local % ${tileDepth}u`
      : `local / ${tileRows}u + q * ${step}u`
    return [`let ${this.#depthName} = depth + ${inTile};`]
  }

  #split(flat: string, axes: readonly number[]): string[] {
    return splitLines(flat, axes, this.#kernel.axes, (axis) => `i${axis}`)
  }

  /** Counters of rows that take divisions and so are kept; a single one is the row's number. */
  #keptAxes(): readonly number[] {
    const axes = this.#rowAxes.filter((axis) => (this.#kernel.axes[axis] ?? 1) > 1)
    return axes.length > 1 ? axes : []
  }

  #kept(axis: number): string {
    return `${this.#name}_i${axis}`
  }

  #keptRow(): string[] {
    const axes = this.#keptAxes()
    if (axes.length === 0) return this.#split(this.#rowName, this.#rowAxes)
    return axes.map((axis) => `let i${axis} = ${this.#kept(axis)}[q];`)
  }

  #counters(): Counters {
    const { axes, batch, k } = this.#kernel
    const own = new Set([...batch, ...this.#rowAxes, ...k])
    const counters = axisCounters(axes)
    return {
      sizes: axes,
      text: (axis) =>
        own.has(axis)
          ? counters.text(axis)
          : this.#refuse(`axis ${axis}`, 'axes of its own groups only'),
    }
  }

  #refuse(got: string, wanted: string): never {
    throw new BackendError('webgpu.compile', {
      got: `${got} in the ${this.#name} operand of '${this.#kernel.label}'`,
      wanted,
    })
  }
}

/** Whether some load is contiguous along one of the axes. */
function hasUnitStride(
  program: Program,
  sizes: readonly number[],
  axes: readonly number[],
): boolean {
  return program.some(
    (step) =>
      isRead(step) &&
      step.index.terms.some(
        ({ axis, coefficient }) =>
          coefficient === 1 && axes.includes(axis) && (sizes[axis] ?? 1) > 1,
      ),
  )
}
