import { BackendError, type LoopKernel, type Reduction, type Stage } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { axisCounters, splitLines } from '../wgsl/counters.ts'
import { combineText } from '../wgsl/instruction-text.ts'
import { block, isRead, programText, type Scope, storeLines } from '../wgsl/program-text.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import { typeOf } from '../wgsl/value-type.ts'
import { byteStores } from './byte-stores.ts'
import type { KernelShader } from './kernel-shader.ts'
import { identityText, treeLines } from './reduction-tree.ts'
import { chooseRowLayout, type RowLayout, rowLines } from './row-layout.ts'

/** Points that one invocation combines before it adds them to its total: sums stay accurate. */
const partialPoints = 256

/**
 * Kernels with reductions. A workgroup takes `rows` points of the outer axes; each of the
 * `lanes` invocations of a row walks every `lanes`-th point of the reduced axes.
 */
export function rowShader(kernel: LoopKernel, bindings: Bindings): KernelShader {
  const layout = chooseRowLayout(kernel)
  const shared = byteStores(kernel).map(({ operand }) => operand)
  const shader = new Shader(kernel, bindings, shared)
  const writer = new RowWriter(kernel, shader, layout)
  return {
    code: shader.module(layout.rows * layout.lanes, writer.lines()),
    workgroups: Math.ceil(layout.outerSize / layout.rows),
  }
}

/** A reduction with the variable that holds what was combined so far. */
type Total = Reduction & { readonly name: string }

function declareTotal({ combiner, dtype, name }: Total): string {
  return `var ${name}: ${typeOf(dtype)} = ${identityText(combiner, dtype)};`
}

class RowWriter {
  readonly #kernel: LoopKernel
  readonly #shader: Shader
  readonly #layout: RowLayout
  readonly #scope: Scope
  readonly #reducedAxes: readonly number[]
  #reductions = 0

  constructor(kernel: LoopKernel, shader: Shader, layout: RowLayout) {
    this.#kernel = kernel
    this.#shader = shader
    this.#layout = layout
    this.#scope = {
      shader,
      counters: axisCounters(kernel.axes),
      reduced: (reduction) => {
        if (reduction < this.#reductions) return `reduced${reduction}`
        throw new BackendError('webgpu.compile', {
          got: `reduction ${reduction} of '${kernel.label}' before it is computed`,
          wanted: 'a reduction of an earlier stage',
        })
      },
    }
    const axes = kernel.axes.map((_, axis) => axis)
    this.#reducedAxes = axes.slice(kernel.outer)
  }

  lines(): string[] {
    return [
      ...rowLines(this.#kernel, this.#layout),
      ...this.#kernel.stages.flatMap((stage, k) => [
        ...(stage.over === 'all' ? this.#walk(stage) : this.#perRow(stage)),
        ...this.#barrierAfter(k),
      ]),
    ]
  }

  /** A stage over the outer axes: the first lane of each row does it. */
  #perRow({ program, stores }: Stage): string[] {
    const { lines, values } = programText(program, this.#scope)
    const body = [...lines, ...storeLines(stores, values, this.#scope)]
    return ['if (is_row & (lane == 0u)) {', ...indent(body), '}']
  }

  /** A stage over all axes: each lane combines its points, then the lanes are combined. */
  #walk(stage: Stage): string[] {
    const { rows, lanes, reducedSize } = this.#layout
    const first = this.#reductions
    const totals = stage.reductions.map((reduction, k) => ({
      ...reduction,
      name: `reduced${first + k}`,
    }))
    const loop =
      reducedSize > lanes * partialPoints
        ? this.#partialLoops(stage, totals)
        : this.#loop(stage, totals)
    this.#reductions += totals.length
    return [
      ...totals.map(declareTotal),
      'if (is_row) {',
      ...indent(loop),
      '}',
      ...totals.flatMap(({ combiner, dtype, name }) =>
        lanes === 1 ? [] : block(treeLines(this.#shader, combiner, dtype, name, rows, lanes)),
      ),
    ]
  }

  /** The points of a lane, combined one after the other into the totals. */
  #loop(stage: Stage, totals: readonly Total[]): string[] {
    const { lanes, reducedSize } = this.#layout
    return [
      `for (var point = lane; point < ${reducedSize}u; point += ${lanes}u) {`,
      ...indent(this.#point(stage, totals)),
      '}',
    ]
  }

  /** The points of a lane, some at a time combined into partial results and these into totals. */
  #partialLoops(stage: Stage, totals: readonly Total[]): string[] {
    const { lanes, reducedSize } = this.#layout
    const { use } = this.#shader
    const partials = totals.map((total) => ({ ...total, name: `partial_${total.name}` }))
    return [
      'var point = lane;',
      `while (point < ${reducedSize}u) {`,
      ...indent([
        ...partials.map(declareTotal),
        `for (var k = 0u; k < ${partialPoints}u && point < ${reducedSize}u; k++) {`,
        ...indent([...this.#point(stage, partials), `point += ${lanes}u;`]),
        '}',
        ...totals.map(({ combiner, dtype, name }) => {
          return `${name} = ${combineText(combiner, dtype, name, `partial_${name}`, use)};`
        }),
      ]),
      '}',
    ]
  }

  /** The program, stores and combinations at one point. */
  #point({ program, stores }: Stage, totals: readonly Total[]): string[] {
    const { lines, values } = programText(program, this.#scope)
    return [
      ...splitLines('point', this.#reducedAxes, this.#kernel.axes, (axis) => `i${axis}`),
      ...lines,
      ...storeLines(stores, values, this.#scope),
      ...totals.map(({ combiner, dtype, value, name }) => {
        const { use } = this.#shader
        return `${name} = ${combineText(combiner, dtype, name, values[value] ?? '', use)};`
      }),
    ]
  }

  /** Other invocations may load what this stage stored. */
  #barrierAfter(stageNumber: number): string[] {
    if (this.#layout.lanes === 1) return []
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
