import { BackendError, type LoopKernel, sizeOf } from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { axisCounters, splitLines } from '../wgsl/counters.ts'
import { block, programText, type Scope, storeLines } from '../wgsl/program-text.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import { isByte } from '../wgsl/value-type.ts'
import { byteStores, isRowMajor } from './byte-stores.ts'
import type { KernelShader } from './kernel-shader.ts'

const invocations = 64

/** One invocation per point; per four points where bytes are written, which fill a word. */
export function mapShader(kernel: LoopKernel, bindings: Bindings): KernelShader {
  const axes = kernel.axes.slice(0, kernel.outer).map((_, axis) => axis)
  const size = sizeOf(kernel.axes.slice(0, kernel.outer))
  const bytes = byteStores(kernel)
  const fillsWords =
    bytes.length > 0 && bytes.every(({ index }) => isRowMajor(index, axes, kernel.axes))
  const shared = fillsWords ? [] : bytes.map(({ operand }) => operand)
  const shader = new Shader(kernel, bindings, shared)
  const points = fillsWords ? 4 : 1
  const invocation = [
    `let invocation = group * ${invocations}u + local;`,
    `if (invocation >= ${Math.ceil(size / points)}u) { return; }`,
  ]
  const body = fillsWords
    ? wordLines(kernel, shader, axes, size)
    : pointLines(kernel, shader, axes, 'invocation')
  return {
    code: shader.module(invocations, [...invocation, ...body]),
    workgroups: Math.ceil(size / points / invocations),
  }
}

function scopeOf(kernel: LoopKernel, shader: Shader): Scope {
  return {
    shader,
    counters: axisCounters(kernel.axes),
    reduced: () => {
      throw new BackendError('webgpu.compile', {
        got: `the result of a reduction in the map kernel '${kernel.label}'`,
        wanted: 'a kernel with a stage over its reduced axes',
      })
    },
  }
}

/** All stages at the point with the given number. */
function pointLines(
  kernel: LoopKernel,
  shader: Shader,
  axes: readonly number[],
  point: string,
): string[] {
  const scope = scopeOf(kernel, shader)
  const stages = kernel.stages.map(({ program, stores }) => {
    const { lines, values } = programText(program, scope)
    return [...lines, ...storeLines(stores, values, scope)]
  })
  const split = splitLines(point, axes, kernel.axes, (axis) => `i${axis}`)
  return [...split, ...stages.flatMap(block)]
}

/** Four points in a row: bytes are collected in a word, which is stored once. */
function wordLines(
  kernel: LoopKernel,
  shader: Shader,
  axes: readonly number[],
  size: number,
): string[] {
  const scope = scopeOf(kernel, shader)
  const words: { name: string; operand: number }[] = []
  const stages = kernel.stages.flatMap(({ program, stores }, stage) => {
    const { lines, values } = programText(program, scope)
    const written = stores.flatMap((store, k) => {
      const { operand, value } = store
      if (!isByte(kernel.operands[operand]?.dtype ?? 'float32')) {
        return storeLines([store], values, scope)
      }
      const name = `word${stage}_${k}`
      words.push({ name, operand })
      return [`${name} |= ${shader.arrays.bits(operand, values[value] ?? '')} << (8u * place);`]
    })
    return block([...lines, ...written])
  })
  return [
    ...words.map(({ name }) => `var ${name} = 0u;`),
    `let count = min(4u, ${size}u - invocation * 4u);`,
    'for (var place = 0u; place < count; place++) {',
    ...indent([
      'let point = invocation * 4u + place;',
      ...splitLines('point', axes, kernel.axes, (axis) => `i${axis}`),
      ...stages,
    ]),
    '}',
    ...words.flatMap(({ name, operand }) => storeWordLines(shader, operand, name, size)),
  ]
}

/** Stores a word; what lies behind the last element keeps its value. */
function storeWordLines(shader: Shader, operand: number, name: string, size: number): string[] {
  const { arrays } = shader
  const store = (bits: string) => arrays.storeWord(operand, 'invocation', bits)
  if (size % 4 === 0) return [store(name)]
  const kept = `(${arrays.loadWord(operand, 'invocation')} & (0xffffffffu << (8u * count)))`
  return [`if (count == 4u) { ${store(name)} } else { ${store(`${name} | ${kept}`)} }`]
}
