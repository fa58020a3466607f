import {
  BackendError,
  type ContractKernel,
  type DType,
  type Program,
  type Step,
  sizeOf,
} from '@tensorweft/core'
import { axisCounters, splitLines } from '../../wgsl/counters.ts'
import { block, isRead, programText, type Scope } from '../../wgsl/program-text.ts'
import { quadProgramText } from '../../wgsl/quad-program.ts'
import type { Quads } from '../../wgsl/quads.ts'
import { indent, type Shader } from '../../wgsl/shader.ts'
import { typeOf } from '../../wgsl/value-type.ts'
import { halfBehind } from '../narrow-halves.ts'
import { innermost } from './axes.ts'
import { type Reading, readingOf } from './reading.ts'
import { eachDepth, eachOfFour, invocationsOf, type Tile, tileDepth } from './tile.ts'

const four = [0, 1, 2, 3] as const

/**
 * One operand of a contraction: fills its tile in workgroup memory. Vectors of four rows lie in four
 * arrays, one for each depth modulo 4, so that one place, which is computed and checked once, serves
 * four depths. Row numbers are split into counters once, before the loop over K.
 */
export class Side {
  readonly #kernel: ContractKernel
  readonly #shader: Shader
  readonly #name: 'left' | 'right'
  readonly #rowAxes: readonly number[]
  readonly #tile: Tile
  readonly #program: Program
  readonly #type: string
  /** The value of the program that the tile holds: where it is a float16 cast to float32, that. */
  readonly #value: number
  readonly #reading: Reading

  constructor(kernel: ContractKernel, shader: Shader, name: 'left' | 'right', tile: Tile) {
    const { k } = kernel
    this.#kernel = kernel
    this.#shader = shader
    this.#name = name
    this.#tile = tile
    this.#rowAxes = name === 'left' ? kernel.m : kernel.n
    this.#program = kernel[name].program.map((step) => invariantFirst(step, k))
    const last = this.#program.length - 1
    const half = shader.hasHalves ? halfBehind(this.#program, last) : undefined
    this.#value = half ?? last
    this.#type = half === undefined ? vectorOf(this.#program[last]?.dtype) : 'vec4<f16>'
    this.#reading = readingOf(this.#program, this.#rowAxes, kernel)
    const vectors = `array<${this.#type}, ${this.#places * tile.buffers}>`
    shader.declare(`var<workgroup> ${name}_tile: array<${vectors}, 4>;`)
    shader.declare(this.#valueFunction())
  }

  /** Statements before the loop over K: where this invocation loads, and names for what it loads. */
  prepare(): string[] {
    return this.#items().flatMap((q) => [
      ...this.#itemLines(q),
      `var ${this.#loaded(q)}: array<${this.#type}, 4>;`,
      ...this.#vectorRows().flatMap((e) =>
        this.#rowLines(`${this.#at('row', q)}_${e}`, q, `${e}u`),
      ),
    ])
  }

  /** Statements that load this invocation's part of the tile with the depths from `depth` on. */
  load(depth: string): string[] {
    return this.#items().flatMap((q) => {
      const first = `let first = ${depth} + ${this.#at('depth', q)} * 4u;`
      const zeros = four.map((d) => `${this.#loaded(q)}[${d}] = ${this.#type}();`)
      const lines = [first, ...zeros, ...this.#depthLines(depth, q), ...this.#valueLines(q)]
      return this.#guarded(q, lines)
    })
  }

  /** Statements that put what was loaded into the tile. */
  store(): string[] {
    return this.#items().flatMap((q) => {
      const place = this.#place(this.#at('depth', q), this.#at('group', q), 'next')
      const stores = eachDepth(this.#tile, (d) => [
        `${this.#name}_tile[${d}][place] = ${this.#loaded(q)}[${d}];`,
      ])
      return this.#guarded(q, [`let place = ${place};`, ...stores])
    })
  }

  /** Where vector number `group` (u32) lies for the depths from 4 · `k` on: to be multiplied. */
  place(group: string): string {
    return this.#place('k', group, 'current')
  }

  /** What is multiplied: the vector at a place of the tile, for depth `d` of four. */
  vector(d: string, place: string): string {
    const own = `${this.#name}_tile[${d}][${place}]`
    return this.#type === 'vec4<f16>' ? `vec4<f32>(${own})` : own
  }

  /** Vectors of four rows of the tile. */
  get #groups(): number {
    const { rows, columns } = this.#tile
    return (this.#name === 'left' ? rows : columns) / 4
  }

  /** Vectors of a tile in one of the four arrays; as many blocks are to be loaded. */
  get #places(): number {
    return (this.#groups * tileDepth) / 4
  }

  /** Numbers of the items of one invocation. */
  #items(): number[] {
    const count = Math.ceil(this.#places / invocationsOf(this.#tile))
    return Array.from({ length: count }, (_, q) => q)
  }

  /** Rows of an item from which vectors start. */
  #vectorRows(): readonly number[] {
    const { by } = this.#reading
    return by === 'scalars' ? [] : by === 'rows' ? [0] : four
  }

  #at(what: 'item' | 'group' | 'depth' | 'row', q: number): string {
    return `${this.#name}_${what}${q}`
  }

  /** What item `q` consists of: a vector for each of four depths. */
  #loaded(q: number): string {
    return `${this.#name}_loaded${q}`
  }

  /** Item `q` of this invocation: its four rows and its four depths in the tile. */
  #itemLines(q: number): string[] {
    const invocations = invocationsOf(this.#tile)
    // Those at the end load the right operand and those at the start the left one.
    const idle = this.#name === 'right' ? Math.max(invocations - this.#places, 0) : 0
    const [item, group] = [this.#at('item', q), this.#groups]
    const [inner, outer] = this.#reading.isAlongDepth ? ['depth', 'group'] : ['group', 'depth']
    const across = this.#reading.isAlongDepth ? tileDepth / 4 : group
    return [
      `let ${item} = local${idle > 0 ? ` - ${idle}u` : ''}${q > 0 ? ` + ${q * invocations}u` : ''};`,
      `let ${this.#name}_${inner}${q} = ${item} % ${across}u;`,
      `let ${this.#name}_${outer}${q} = ${item} / ${across}u;`,
    ]
  }

  /** Statements in a block of their own, for those invocations that have an item `q`. */
  #guarded(q: number, lines: readonly string[]): string[] {
    const isPartial = this.#places < invocationsOf(this.#tile)
    const head = isPartial ? `if (${this.#at('item', q)} < ${this.#places}u) {` : '{'
    return [head, ...indent(lines), '}']
  }

  /**
   * The place of a vector in its array. Blocks that are taken along K would all be stored to the
   * same banks of memory: an exclusive or sends four neighbours along K to different ones.
   */
  #place(depth: string, group: string, buffer: 'current' | 'next'): string {
    const turn = `((${depth} * 2u) & ${Math.min(this.#groups, 8) - 1}u)`
    const own = this.#reading.isAlongDepth ? `(${group} ^ ${turn})` : group
    const first = this.#tile.buffers === 1 ? '' : `${buffer} * ${this.#places}u + `
    return `${first}${depth} * ${this.#groups}u + ${own}`
  }

  /**
   * Counters of row number `e` of an item. Rows beyond the last are that one again: their sums are
   * not stored.
   */
  #rowLines(name: string, q: number, e: string): string[] {
    const first = this.#name === 'left' ? 'first_row' : 'first_column'
    const isVector = this.#reading.by === 'rows'
    const last = `${this.#shader.size(this.#rowAxes)} - ${isVector ? 4 : 1}u`
    return [
      `let ${name} = min(${first} + ${this.#at('group', q)} * 4u + ${e}, ${last});`,
      ...this.#split(name, this.#rowAxes, isVector, (axis) => `${name}_${axis}`),
    ]
  }

  /** Counters of the first depth of an item where four of them are neighbours. */
  #depthLines(depth: string, q: number): string[] {
    if (!this.#isDepthShared) return []
    const { k } = this.#kernel
    const isVector = this.#reading.by === 'depths'
    const [run, points] = this.#lastRun()
    const isOnly = this.#counters(k).length === 1
    if (isOnly || points % tileDepth !== 0) {
      return this.#split('first', k, isVector, (axis) => `k_${axis}`)
    }
    // A tile inside of one run along K: its invocations have the other counters in common.
    const name = (axis: string) => (axis === run ? 'run' : `k_${axis}`)
    const own = `${this.#at('depth', q)}${isVector ? '' : ' * 4u'}`
    return [...this.#split(depth, k, isVector, name), `let k_${run} = run + i32(${own});`]
  }

  /** The name of the fastest counter of the depths, and how many points it runs over. */
  #lastRun(): [string, number] {
    const { k, axes } = this.#kernel
    const { by, quads } = this.#reading
    if (by === 'depths' && quads !== undefined) return ['quad', quads.points]
    const inner = innermost(k, axes)
    return inner === undefined ? ['', 1] : [`i${inner}`, axes[inner] ?? 1]
  }

  /** Whether four depths from a multiple of 4 on are neighbours in one run. */
  get #isDepthShared(): boolean {
    return this.#lastRun()[1] % 4 === 0
  }

  /** Splits the number of a point, or that of the first of four, into the counters of its group. */
  #split(
    flat: string,
    group: readonly number[],
    isVector: boolean,
    name: (counter: string) => string,
  ): string[] {
    const { axes } = this.#kernel
    const { quads } = this.#reading
    if (!isVector || quads === undefined) {
      return splitLines(flat, group, axes, (axis) => name(`i${axis}`))
    }
    const quad = axes.length
    const others = group.filter((axis) => !quads.axes.includes(axis))
    const sizes = [...axes, quads.points / 4]
    const lines = splitLines(`(${flat} / 4u)`, [...others, quad], sizes, (axis) =>
      name(axis === quad ? 'quad' : `i${axis}`),
    )
    return quads.points > 4 ? lines : [...lines, `let ${name('quad')} = 0;`]
  }

  /** Evaluates the operand for the vectors of one item. */
  #valueLines(q: number): string[] {
    const loaded = this.#loaded(q)
    const row = (e: number) => `${this.#at('row', q)}_${e}`
    switch (this.#reading.by) {
      case 'rows': {
        const load = (d: number) =>
          this.#atDepth(`${d}`, [`${loaded}[${d}] = ${this.#call(row(0), `${d}`)};`])
        return this.#inDepth(this.#isDepthShared, 'first', four.flatMap(load))
      }
      case 'depths':
        return this.#inDepth(true, 'first', [
          ...four.map((e) => `let row${e} = ${this.#call(row(e), '0')};`),
          ...four.map((d) => {
            const values = four.map((e) => `row${e}[${d}]`)
            return `${loaded}[${d}] = ${this.#type}(${values.join(', ')});`
          }),
        ])
      case 'scalars': {
        // Compilers unroll this, and take what does not depend on the depth out of the loop over K.
        const load = [`${loaded}[d][e] = ${this.#call('row', 'i32(d)')};`]
        const depths = eachOfFour('d', this.#atDepth('d', load))
        return eachOfFour('e', [
          ...this.#rowLines('row', q, 'e'),
          ...this.#inDepth(this.#isDepthShared, 'first', depths),
        ])
      }
    }
  }

  /** Statements for depth `d` of four, which has counters of its own unless they are shared. */
  #atDepth(d: string, lines: readonly string[]): string[] {
    if (this.#isDepthShared) return [...lines]
    const { k } = this.#kernel
    const counters = this.#split('flat', k, false, (axis) => `k_${axis}`)
    const flat = `let flat = first + ${d === 'd' ? d : `${d}u`};`
    return block([flat, ...this.#inDepth(true, 'flat', [...counters, ...lines])])
  }

  /** Statements that run only where a depth is inside of K, if `flat` is to be compared here. */
  #inDepth(isHere: boolean, flat: string, lines: readonly string[]): string[] {
    if (!isHere || !this.#mayEndInTile()) return [...lines]
    return [`if (${flat} < ${this.#shader.size(this.#kernel.k)}) {`, ...indent(lines), '}']
  }

  /** Whether the last depth may lie inside of a tile, whatever the size of the outermost axis. */
  #mayEndInTile(): boolean {
    const { k, axes } = this.#kernel
    const sizes = k.map((axis) => axes[axis] ?? 1)
    const outermost = sizes.findIndex((size) => size > 1)
    return sizeOf(sizes.slice(outermost + 1)) % tileDepth !== 0 || outermost === sizes.length - 1
  }

  /** Names of the counters of a group that the operand is a function of. */
  #counters(group: readonly number[]): string[] {
    const { axes, k } = this.#kernel
    const { by, quads } = this.#reading
    const vectors = by === 'depths' ? k : this.#rowAxes
    const isVector = quads !== undefined && group === vectors
    const isOwn = (axis: number) =>
      (axes[axis] ?? 1) > 1 && !(isVector && quads.axes.includes(axis))
    const names = group.filter(isOwn).map((axis) => `i${axis}`)
    return isVector ? [...names, 'quad'] : names
  }

  /** A call for a row, given by the prefix of its counters, and depth `d` (i32) of four. */
  #call(row: string, d: string): string {
    const { batch, k } = this.#kernel
    const run = this.#isDepthShared && d !== '0' ? this.#lastRun()[0] : undefined
    const depth = (counter: string) => `k_${counter}${counter === run ? ` + ${d}` : ''}`
    const args = [
      ...this.#counters(batch),
      ...this.#counters(this.#rowAxes).map((counter) => `${row}_${counter}`),
      ...this.#counters(k).map(depth),
    ]
    return `${this.#name}_value(${args.join(', ')})`
  }

  /** The function of the counters that gives a value of the operand, or four neighbours. */
  #valueFunction(): string {
    const { batch, k } = this.#kernel
    const { quads } = this.#reading
    const counters = [batch, this.#rowAxes, k].flatMap((group) => this.#counters(group))
    const parameters = counters.map((counter) => `${counter}: i32`)
    const scope = this.#scope()
    const type = quads === undefined ? this.#type.slice(5, -1) : this.#type
    return [
      `fn ${this.#name}_value(${parameters.join(', ')}) -> ${type} {`,
      ...indent(this.#bodyLines(scope, quads)),
      '}',
    ].join('\n')
  }

  #scope(): Scope {
    const { axes, batch, k, label } = this.#kernel
    const own = new Set([...batch, ...this.#rowAxes, ...k])
    const counters = axisCounters(axes)
    const refuse = (got: string, wanted: string): never => {
      throw new BackendError('webgpu.compile', {
        got: `${got} in the ${this.#name} operand of '${label}'`,
        wanted,
      })
    }
    return {
      shader: this.#shader,
      counters: {
        sizes: axes,
        text: (axis) =>
          own.has(axis)
            ? counters.text(axis)
            : refuse(`axis ${axis}`, 'axes of its own groups only'),
      },
      reduced: () => refuse('a reduction', 'operands without reductions'),
    }
  }

  #bodyLines(scope: Scope, quads: Quads | undefined): string[] {
    if (quads === undefined) {
      const { lines, values } = programText(this.#program, scope)
      return [...lines, `return ${values[this.#value]};`]
    }
    const { lines, values } = quadProgramText(this.#program, scope, quads)
    return [...lines, `return ${this.#type}(${values[this.#value]?.join(', ')});`]
  }
}

/** What does not change in the loop over K comes first in an index, so that compilers hoist it. */
function invariantFirst(step: Step, k: readonly number[]): Step {
  if (!isRead(step)) return step
  const isInK = ({ axis }: { axis: number }) => k.includes(axis)
  const { terms } = step.index
  const sorted = [...terms.filter((term) => !isInK(term)), ...terms.filter(isInK)]
  return { ...step, index: { ...step.index, terms: sorted } }
}

function vectorOf(dtype: DType = 'float32'): string {
  return `vec4<${typeOf(dtype)}>`
}
