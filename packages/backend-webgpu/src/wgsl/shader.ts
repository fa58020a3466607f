import { BackendError, type DType, type Kernel, programsOf, sizeOf } from '@tensorweft/core'
import { Arrays, type Bindings, halfText } from './arrays.ts'
import { functionTexts } from './functions/library.ts'
import { literal } from './literal.ts'
import { constantText, type Param, paramsOf, paramsText } from './params.ts'

/** Counters are i32, and the last workgroups of a folded grid lie beyond the last point. */
const maxPoints = 2 ** 31 - 2 ** 25

/** Collects what a kernel's module declares while its main function is written. */
export class Shader {
  readonly arrays: Arrays
  /** Whether values of float16 are f16, not their bits. */
  readonly hasHalves: boolean
  readonly #kernel: Kernel
  readonly #params: readonly Param[]
  readonly #used = new Set<string>()
  readonly #declarations: string[] = []
  readonly #extensions = new Set<string>()

  /**
   * `shared`: operands of bytes of which several invocations may write the same word. `wide`:
   * operands that are taken four at a time, see `Arrays`. `hasHalves`: whether the device has f16.
   */
  constructor(
    kernel: Kernel,
    bindings: Bindings,
    shared: Iterable<number>,
    wide: Iterable<number> = [],
    hasHalves = false,
  ) {
    this.#kernel = kernel
    this.#params = paramsOf(kernel)
    const dtypes = [...kernel.operands, ...programsOf(kernel).flat()].map(({ dtype }) => dtype)
    this.hasHalves = hasHalves && dtypes.includes('float16')
    this.arrays = new Arrays(kernel, bindings, shared, wide, this.hasHalves)
    if (this.hasHalves) this.enable('f16')
  }

  /**
   * The number of points (u32) of some axes, outermost first. That of the first one comes with the
   * run: it is most often the batch, whose size then changes nothing in the text.
   */
  size(axes: readonly number[]): string {
    const sizes = axes.map((axis) => this.#kernel.axes[axis] ?? 1)
    const points = sizeOf(sizes)
    if (points >= maxPoints) {
      throw new BackendError('webgpu.compile', {
        got: `${points} points in '${this.#kernel.label}'`,
        wanted: 'fewer than 2^31',
        hint: 'split the tensor into several smaller ones',
      })
    }
    const first = sizes.findIndex((size) => size !== 1)
    if (first < 0) return '1u'
    const rest = sizeOf(sizes.slice(first + 1))
    const text = `params.size${axes[first]}`
    return rest === 1 ? text : `(${text} * ${rest}u)`
  }

  /** A constant of the kernel's programs as a value of its dtype. */
  constant(value: number, dtype: DType): string {
    return constantText(this.#params, value, dtype) ?? this.literal(value, dtype)
  }

  /** A number as a value of a dtype. */
  literal(value: number, dtype: DType): string {
    const text = literal(value, dtype)
    return dtype === 'float16' && this.hasHalves ? halfText(`${text} | params.zero`) : text
  }

  /** Declares a function of the library. */
  readonly use = (name: string): string => {
    this.#used.add(name)
    return name
  }

  /** Enables an extension of WGSL, which the device must have. */
  enable(extension: string): void {
    this.#extensions.add(extension)
  }

  /** Adds a declaration at module scope, once. */
  declare(text: string): void {
    if (!this.#declarations.includes(text)) this.#declarations.push(text)
  }

  /**
   * The whole module. `body` sees `group` (u32, the number of the workgroup) and `local` (u32, that
   * of the invocation in it). The grid is folded, so that `group` may lie beyond the last one.
   */
  module(invocations: number, body: readonly string[]): string {
    const main = [
      `@compute @workgroup_size(${invocations})`,
      'fn main(',
      '  @builtin(workgroup_id) workgroup: vec3<u32>,',
      '  @builtin(num_workgroups) workgroups: vec3<u32>,',
      '  @builtin(local_invocation_index) local: u32,',
      ') {',
      '  let group = workgroup.y * workgroups.x + workgroup.x;',
      ...indent(body),
      '}',
    ].join('\n')
    return [
      ...[...this.#extensions].map((extension) => `enable ${extension};`),
      paramsText(this.#params),
      ...this.arrays.declarations(),
      ...functionTexts(this.#used, this.hasHalves),
      ...this.#declarations,
      main,
      '',
    ].join('\n\n')
  }
}

/** Lines moved in by one level. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}
