import type { Kernel } from '@tensorweft/core'
import { Arrays, type Bindings } from './arrays.ts'
import { functionTexts } from './functions/library.ts'
import { paramsOf, paramsText } from './params.ts'

/** Collects what a kernel's module declares while its main function is written. */
export class Shader {
  readonly arrays: Arrays
  readonly #kernel: Kernel
  readonly #used = new Set<string>()
  readonly #declarations: string[] = []

  /** `shared`: operands of bytes of which several invocations may write the same word. */
  constructor(kernel: Kernel, bindings: Bindings, shared: Iterable<number>) {
    this.#kernel = kernel
    this.arrays = new Arrays(kernel, bindings, shared)
  }

  /** Declares a function of the library. */
  readonly use = (name: string): string => {
    this.#used.add(name)
    return name
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
      paramsText(paramsOf(this.#kernel)),
      ...this.arrays.declarations(),
      ...functionTexts(this.#used),
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
