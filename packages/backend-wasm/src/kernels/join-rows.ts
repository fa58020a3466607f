import {
  attributeText,
  type IndexData,
  type LoopKernel,
  mapProgram,
  mapStores,
  type Program,
  type Stage,
  type Step,
} from '@tensorweft/core'
import { axesOf, boundsOf } from '../loops/bounds.ts'
import { renumber } from '../transform/step-cost.ts'
import { factorsOf } from './products.ts'
import { withStrips } from './strip-index.ts'

/** Rows along an axis that are summed together at most, and sums that there are registers for. */
const mostRows = 4
const mostSums = 12
/** Points of an axis of which some may be left: what is left is not shared by threads. */
const leastWithRest = 16
/** Elements that may be in a cache. */
const cachedElements = 2 ** 20
/** Steps that this is worth while for. */
const mostSteps = 6

/** Rows next to each other along an axis, so many times, from one of its points on. */
interface Rows {
  readonly axis: number
  readonly start: number
  readonly count: number
  readonly rows: number
}

/**
 * Sums of products that share a factor along outer axes are computed several at a time: it is
 * loaded once for all of them. Returns kernels of the same axes, one for as many as are taken
 * together and perhaps others for what is left; undefined where nothing can be shared.
 */
export function joinRows(
  kernel: LoopKernel,
  outer: readonly number[],
  vectorAxis: number | undefined,
): LoopKernel[] | undefined {
  const walk = sumOfProducts(kernel)
  if (walk === undefined) return undefined
  const axes = outer.filter((axis) => axis !== vectorAxis)
  const first = chooseRows(kernel, walk, axes, mostRows)
  if (first === undefined) return undefined
  const others = axes.filter((axis) => sharedLoads(walk, axis) !== sharedLoads(walk, first.axis))
  const second = chooseRows(kernel, walk, others, mostRows / 2)
  const kernels = joinAlong(kernel, first)
  return second === undefined ? kernels : kernels.flatMap((part) => joinAlong(part, second))
}

/** How many vectors of a row are taken at once where `rows` are. */
export function vectorsAtOnce(vectors: number, rows: number): number {
  return divisorUpTo(vectors, Math.max(Math.floor(mostSums / rows), 1))
}

/** The program of a kernel that is one sum of products and what is done with it. */
function sumOfProducts({ stages }: LoopKernel): Program | undefined {
  const [walk, finish, more] = stages
  if (walk?.over !== 'all' || finish?.over !== 'outer' || more !== undefined) return undefined
  const [reduction, another] = walk.reductions
  const isSingle = reduction !== undefined && another === undefined && walk.stores.length === 0
  if (!isSingle || walk.program.length > mostSteps) return undefined
  return factorsOf(walk, reduction).length > 0 ? walk.program : undefined
}

type Choice = Pick<Rows, 'axis' | 'rows'>

/** The axis that suits best, and how many points of it are taken together. */
function chooseRows(
  { axes: sizes }: LoopKernel,
  program: Program,
  axes: readonly number[],
  most: number,
): Choice | undefined {
  const loads = program.filter((step) => step.op === 'load')
  const [best] = axes
    .map((axis) => {
      const size = sizes[axis] ?? 1
      const divisor = divisorUpTo(size, most)
      const rows = divisor === 1 && size >= leastWithRest ? most : divisor
      const isGuarded = loads.some(({ within }) => within.some((own) => uses(own.index, axis)))
      const cost = (size % rows > 0 ? 1 : 0) + (isGuarded ? 1 : 0) - rows
      return { axis, rows, cost }
    })
    .filter(({ axis, rows }) => {
      const own = loads.filter(({ index }) => uses(index, axis))
      const isShared = sharedLoads(program, axis).includes('true') && own.length > 0
      return rows > 1 && isShared && !own.some(({ index }) => isStreamed(index, sizes))
    })
    .sort((a, b) => a.cost - b.cost)
  return best
}

const uses = (index: IndexData, axis: number) => axesOf(index).includes(axis)

function divisorUpTo(size: number, most: number): number {
  let divisor = Math.min(most, size)
  while (divisor > 1 && size % divisor > 0) divisor--
  return Math.max(divisor, 1)
}

/** For each step whether it is a load that does not depend on an axis. */
function sharedLoads(program: Program, axis: number): string {
  return program.map((step) => step.op === 'load' && !uses(step.index, axis)).join()
}

/** Whether an operand comes from memory, once: it comes faster in order. */
function isStreamed(index: IndexData, sizes: readonly number[]): boolean {
  const { low, high } = boundsOf(index, sizes)
  const points = [...new Set(axesOf(index))].map((axis) => sizes[axis] ?? 1)
  const loads = points.reduce((product, size) => product * size, 1)
  return high - low >= cachedElements && loads <= high - low + 1
}

function joinAlong(kernel: LoopKernel, { axis, rows }: Choice): LoopKernel[] {
  const size = kernel.axes[axis] ?? 1
  const whole = { axis, start: 0, count: Math.floor(size / rows), rows }
  const rest = { axis, start: size - (size % rows), count: 1, rows: size % rows }
  return [whole, rest].filter((part) => part.rows > 0).map((part) => joined(kernel, part))
}

function joined(kernel: LoopKernel, part: Rows): LoopKernel {
  const sums = kernel.stages.reduce((sum, { reductions }) => sum + reductions.length, 0)
  const stages = kernel.stages.map((stage) => joinStage(stage, part, sums))
  return { ...kernel, axes: kernel.axes.with(part.axis, part.count), stages }
}

/** The steps of all rows, equal ones once. */
function joinStage(stage: Stage, part: Rows, sums: number): Stage {
  const program: Step[] = []
  const numbers = new Map<string, number>()
  const copies = Array.from({ length: part.rows }, (_, row) => {
    const { axis, start, rows } = part
    const own = { axis, start: start + row, length: rows }
    const map = (index: IndexData) => withStrips(index, own)
    const values: number[] = []
    for (const old of mapProgram(stage.program, map)) {
      const step = renumber(old, (arg) => values[arg] ?? 0)
      const moved =
        step.op === 'reduced' ? { ...step, reduction: row * sums + step.reduction } : step
      const key = attributeText(moved)
      const number = numbers.get(key) ?? program.push(moved) - 1
      numbers.set(key, number)
      values.push(number)
    }
    const place = <T extends { readonly value: number }>(result: T) => {
      return { ...result, value: values[result.value] ?? 0 }
    }
    return {
      reductions: stage.reductions.map(place),
      stores: mapStores(stage.stores, map).map(place),
    }
  })
  return {
    over: stage.over,
    program,
    reductions: copies.flatMap(({ reductions }) => reductions),
    stores: copies.flatMap(({ stores }) => stores),
  }
}
