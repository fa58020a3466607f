import {
  BackendError,
  type LoopKernel,
  type Stage,
  scalarFunctions,
  sizeOf,
  storesOf,
} from '@tensorweft/core'
import type { Bindings } from '../wgsl/arrays.ts'
import { axisCounters, splitLines } from '../wgsl/counters.ts'
import { block, programText, type Scope, storeLines } from '../wgsl/program-text.ts'
import { quadProgramText, quadReads, quadStoreLines } from '../wgsl/quad-program.ts'
import { movementOf, type Quads, quadsOf, splitQuadLines } from '../wgsl/quads.ts'
import { indent, Shader } from '../wgsl/shader.ts'
import type { KernelShader } from './kernel-shader.ts'
import { packedStores } from './packed-stores.ts'

/** Invocations of a workgroup, and of one among very many, of which fewer are started. */
const usualInvocations = 64
const manyInvocations = 256
const many = 2 ** 17

/** Steps of a program, a function counting as many as it has, that are written for four points. */
const mostSteps = 1024
const functionSteps = 32
const functions = new Set<string>(scalarFunctions)

/**
 * One invocation per four points where these are neighbours in memory, else one per point: also
 * where that is so much text that compilers, which take time by its square, would never end.
 */
export function mapShader(
  kernel: LoopKernel,
  bindings: Bindings,
  hasHalves: boolean,
): KernelShader {
  const axes = kernel.axes.slice(0, kernel.outer).map((_, axis) => axis)
  const size = sizeOf(kernel.axes.slice(0, kernel.outer))
  const quads = isLong(kernel) ? undefined : mapQuads(kernel, axes, size)
  return quads === undefined
    ? pointMap(kernel, bindings, hasHalves, axes, size)
    : quadMap(kernel, bindings, hasHalves, axes, size, quads)
}

function isLong({ stages }: LoopKernel): boolean {
  let steps = 0
  for (const step of stages.flatMap(({ program }) => program)) {
    const isFunction = step.op === 'apply' && functions.has(step.instruction)
    steps += isFunction ? functionSteps : 1
  }
  return steps > mostSteps
}

/** Runs of points that all stores write in fours: whole vectors, and whole words of bytes. */
function mapQuads(kernel: LoopKernel, axes: readonly number[], size: number): Quads | undefined {
  const stores = storesOf(kernel)
  const areNeighbours = (quads: Quads) =>
    stores.every(({ index }) => movementOf(index, kernel.axes, quads) === 'neighbours')
  const found = quadsOf(axes, kernel.axes, areNeighbours)
  if (found !== undefined) return found
  const all = { axes, points: size }
  return size > 4 && areNeighbours(all) ? all : undefined
}

function quadMap(
  kernel: LoopKernel,
  bindings: Bindings,
  hasHalves: boolean,
  axes: readonly number[],
  size: number,
  quads: Quads,
): KernelShader {
  const reads = kernel.stages.flatMap(({ program }) => quadReads(program, kernel.axes, quads))
  const written = storesOf(kernel).map(({ operand }) => operand)
  const shader = new Shader(kernel, bindings, [], [...reads, ...written], hasHalves)
  const scope = scopeOf(kernel, shader)
  const isWhole = quads.points % 4 === 0
  const points = shader.size(axes)
  const stages = kernel.stages.map((stage) => quadStageLines(stage, scope, quads, isWhole))
  const body = [
    ...(isWhole ? [] : [`let count = min(4u, ${points} - 4u * invocation);`]),
    ...splitQuadLines('invocation', axes, kernel.axes, quads),
    ...stages.flatMap(block),
  ]
  const units = isWhole ? `${points} / 4u` : `(${points} + 3u) / 4u`
  return gridOf(shader, Math.ceil(size / 4), units, body)
}

/** A stage at four points; where they are the last ones, `count` says how many there are. */
function quadStageLines(
  { program, stores }: Stage,
  scope: Scope,
  quads: Quads,
  isWhole: boolean,
): string[] {
  const { lines, values } = quadProgramText(program, scope, quads)
  const storeAll = quadStoreLines(stores, values, scope, quads)
  if (isWhole) return [...lines, ...storeAll]
  const storeSome = quadStoreLines(stores, values, scope, quads, 'count')
  return [
    ...lines,
    'if (count == 4u) {',
    ...indent(storeAll),
    '} else {',
    ...indent(storeSome),
    '}',
  ]
}

function pointMap(
  kernel: LoopKernel,
  bindings: Bindings,
  hasHalves: boolean,
  axes: readonly number[],
  size: number,
): KernelShader {
  const shared = packedStores(kernel).map(({ operand }) => operand)
  const shader = new Shader(kernel, bindings, shared, [], hasHalves)
  const scope = scopeOf(kernel, shader)
  const stages = kernel.stages.map(({ program, stores }) => {
    const { lines, values } = programText(program, scope)
    return [...lines, ...storeLines(stores, values, scope)]
  })
  const split = splitLines('invocation', axes, kernel.axes, (axis) => `i${axis}`)
  return gridOf(shader, size, shader.size(axes), [...split, ...stages.flatMap(block)])
}

/** A grid with an invocation for each of `units`, whose number in WGSL is `count`. */
function gridOf(
  shader: Shader,
  units: number,
  count: string,
  body: readonly string[],
): KernelShader {
  const invocations = units > many ? manyInvocations : usualInvocations
  const lines = [
    `let invocation = group * ${invocations}u + local;`,
    `if (invocation >= ${count}) { return; }`,
    ...body,
  ]
  return {
    code: shader.module(invocations, lines),
    workgroups: Math.ceil(units / invocations),
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
