import {
  BackendError,
  type Combiner,
  type DType,
  type LoopKernel,
  type Program,
  type Reduction,
  type Stage,
} from '@tensorweft/core'
import { axisCounters, splitLines } from '../wgsl/counters.ts'
import { combineText } from '../wgsl/instruction-text.ts'
import { block, isRead, programText, type Scope, storeLines } from '../wgsl/program-text.ts'
import { quadProgramText, quadStoreLines } from '../wgsl/quad-program.ts'
import { type Quads, splitQuadLines } from '../wgsl/quads.ts'
import { indent } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import { identityText, type Tree, treeLines } from './reduction-tree.ts'
import { type RowLayout, rowLength, rowLines } from './row-layout.ts'

/** Steps that one invocation combines before it adds them to its total: sums stay accurate. */
const partialSteps = 256

/** How invocations go over rows: point by point, or in fours of points of a row or of rows. */
export type Walk = {
  readonly layout: RowLayout
  /** Whether a stage is done in fours. */
  readonly isWide: (stage: Stage) => boolean
} & ({ readonly fours: 'none' } | { readonly fours: 'points' | 'rows'; readonly quads: Quads })

/** A reduction with the variables that hold what was combined so far, one for each row. */
type Total = Reduction & { readonly names: readonly string[] }

/** Writes the stages of a kernel with reductions. */
export class RowWriter {
  readonly #kernel: LoopKernel
  readonly #tree: Tree
  readonly #walk: Walk
  readonly #scope: Scope
  readonly #reducedAxes: readonly number[]
  #reductions = 0

  constructor(kernel: LoopKernel, tree: Tree, walk: Walk) {
    this.#kernel = kernel
    this.#tree = tree
    this.#walk = walk
    this.#scope = {
      shader: tree.shader,
      counters: axisCounters(kernel.axes),
      reduced: (reduction) => this.#reduced(reduction),
    }
    const axes = kernel.axes.map((_, axis) => axis)
    this.#reducedAxes = axes.slice(kernel.outer)
  }

  lines(): string[] {
    const { shader, layout } = this.#tree
    const rowQuads = this.#walk.fours === 'rows' ? this.#walk.quads : undefined
    return [
      ...rowLines(this.#kernel, shader, layout, rowQuads),
      ...this.#kernel.stages.flatMap((stage, k) => [
        ...(stage.over === 'all' ? this.#walkLines(stage) : this.#perRow(stage)),
        ...this.#barrierAfter(k),
      ]),
    ]
  }

  /** The variable of a reduction, or that of one of four rows. */
  #reduced(reduction: number, row?: number): string {
    if (reduction < this.#reductions) {
      return row === undefined ? `reduced${reduction}` : `reduced${reduction}_${row}`
    }
    throw new BackendError('webgpu.compile', {
      got: `reduction ${reduction} of '${this.#kernel.label}' before it is computed`,
      wanted: 'a reduction of an earlier stage',
    })
  }

  /** A stage over the outer axes: the first lane of each row does it. */
  #perRow(stage: Stage): string[] {
    const body = this.#walk.fours === 'rows' ? this.#four(stage, []) : this.#once(stage, [])
    return ['if (is_row & (lane == 0u)) {', ...indent(body), '}']
  }

  /** A stage over all axes: each lane combines its points, then the lanes are combined. */
  #walkLines(stage: Stage): string[] {
    const { lanes, reducedSize } = this.#tree.layout
    const totals = stage.reductions.map((reduction, k): Total => {
      const name = `reduced${this.#reductions + k}`
      const isFour = this.#walk.fours === 'rows'
      return { ...reduction, names: isFour ? [0, 1, 2, 3].map((row) => `${name}_${row}`) : [name] }
    })
    const inFours = this.#walk.fours === 'points' && this.#walk.isWide(stage)
    const length = rowLength(this.#kernel, this.#tree.shader)
    const steps = inFours ? `${length} / 4u` : length
    const step = (into: readonly Total[]) => this.#step(stage, into)
    const loop =
      reducedSize / (inFours ? 4 : 1) > lanes * partialSteps
        ? this.#partialLoops(steps, step, totals)
        : this.#loop(steps, step(totals))
    this.#reductions += totals.length
    return [
      ...totals.flatMap(declareTotal),
      'if (is_row) {',
      ...indent(loop),
      '}',
      ...totals.flatMap(({ combiner, dtype, names }) =>
        lanes === 1 ? [] : block(treeLines(this.#tree, combiner, dtype, names)),
      ),
    ]
  }

  /** The points of a lane, combined one after the other into the totals. */
  #loop(steps: string, step: readonly string[]): string[] {
    const { lanes } = this.#tree.layout
    return [`for (var point = lane; point < ${steps}; point += ${lanes}u) {`, ...indent(step), '}']
  }

  /** The points of a lane, some at a time combined into partial results and these into totals. */
  #partialLoops(
    steps: string,
    step: (into: readonly Total[]) => string[],
    totals: readonly Total[],
  ): string[] {
    const { lanes } = this.#tree.layout
    const partial = (name: string) => `partial_${name}`
    const partials = totals.map((total) => ({ ...total, names: total.names.map(partial) }))
    return [
      'var point = lane;',
      `while (point < ${steps}) {`,
      ...indent([
        ...partials.flatMap(declareTotal),
        `for (var k = 0u; k < ${partialSteps}u && point < ${steps}; k++) {`,
        ...indent([...step(partials), `point += ${lanes}u;`]),
        '}',
        ...totals.flatMap(({ combiner, dtype, names }) =>
          names.map((name) => this.#combine(combiner, dtype, name, partial(name))),
        ),
      ]),
      '}',
    ]
  }

  /** The counters, program, stores and combinations of one step of a walk. */
  #step(stage: Stage, totals: readonly Total[]): string[] {
    const { axes } = this.#kernel
    const walk = this.#walk
    const split = () => splitLines('point', this.#reducedAxes, axes, (axis) => `i${axis}`)
    if (walk.fours === 'points' && walk.isWide(stage)) {
      const splitFours = splitQuadLines('point', this.#reducedAxes, axes, walk.quads)
      return [...splitFours, ...this.#four(stage, totals)]
    }
    const body = walk.fours === 'rows' ? this.#four(stage, totals) : this.#once(stage, totals)
    return [...split(), ...body]
  }

  #once({ program, stores }: Stage, totals: readonly Total[]): string[] {
    const { lines, values } = programText(program, this.#scope)
    return [
      ...lines,
      ...storeLines(stores, values, this.#scope),
      ...totals.flatMap(({ combiner, dtype, value, names }) =>
        names.map((name) => this.#combine(combiner, dtype, name, values[value] ?? '')),
      ),
    ]
  }

  /** A stage at four points of a row, or at one point of four rows. */
  #four({ program, stores }: Stage, totals: readonly Total[]): string[] {
    if (this.#walk.fours === 'none') return []
    const { quads, fours } = this.#walk
    const { lines, values } = this.#fourProgram(program, quads, fours)
    return [
      ...lines,
      ...quadStoreLines(stores, values, this.#scope, quads),
      ...totals.flatMap((total) => {
        const four = values[total.value] ?? []
        return fours === 'rows' ? this.#combineRows(total, four) : this.#combineFour(total, four)
      }),
    ]
  }

  #fourProgram(program: Program, quads: Quads, fours: 'points' | 'rows') {
    const reducedAt = (reduction: number, row: number) => this.#reduced(reduction, row)
    return quadProgramText(program, this.#scope, quads, fours === 'rows' ? reducedAt : undefined)
  }

  #combineRows({ combiner, dtype, names }: Total, four: readonly string[]): string[] {
    return names.map((name, row) => this.#combine(combiner, dtype, name, four[row] ?? ''))
  }

  /** The values of one row are combined with each other first: a total waits once, not four times. */
  #combineFour({ combiner, dtype, names }: Total, four: readonly string[]): string[] {
    const [name = ''] = names
    const [a = '', b = '', c = '', d = ''] = four
    const { use } = this.#tree.shader
    const pair = (left: string, right: string) => combineText(combiner, dtype, left, right, use)
    return [
      `let low_${name} = ${pair(a, b)};`,
      `let high_${name} = ${pair(c, d)};`,
      `let four_${name} = ${pair(`low_${name}`, `high_${name}`)};`,
      this.#combine(combiner, dtype, name, `four_${name}`),
    ]
  }

  #combine(combiner: Combiner, dtype: DType, name: string, value: string): string {
    const { use } = this.#tree.shader
    return `${name} = ${combineText(combiner, dtype, name, value, use)};`
  }

  /** Other invocations may load what this stage stored. */
  #barrierAfter(stageNumber: number): string[] {
    if (this.#tree.layout.lanes === 1) return []
    const { stages } = this.#kernel
    const stored = new Set(stages[stageNumber]?.stores.map(({ operand }) => operand))
    const slots = new Set([...stored].map((operand) => this.#kernel.operands[operand]?.slot))
    const isReadLater = stages
      .slice(stageNumber + 1)
      .some(({ program }) =>
        program.some(
          (step) => isRead(step) && slots.has(this.#kernel.operands[step.operand]?.slot),
        ),
      )
    return isReadLater ? ['storageBarrier();'] : []
  }
}

function declareTotal({ combiner, dtype, names }: Total): string[] {
  const identity = identityText(combiner, dtype)
  return names.map((name) => `var ${name}: ${typeOf(dtype)} = ${identity};`)
}
