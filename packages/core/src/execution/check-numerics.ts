import type { Backend, BufferView } from '../backend.ts'
import { isFloat, type TypedArray, valuesIn } from '../dtype.ts'
import { NumericsError } from '../errors.ts'
import { originOf, withOrigin } from '../graph/origin.ts'
import { type GraphStructure, structureOf } from '../graph/structure.ts'
import type { Attribute, Node } from '../graph/tensor.ts'
import { nodeByteLength } from '../graph/value.ts'
import { analyze } from '../schedule/analysis.ts'
import { formatShape, sizeOf } from '../shape.ts'
import type { NumericsCheck } from './numerics-check.ts'
import { allocateAll } from './out-of-memory.ts'
import { compiledPlanFor } from './plan-cache.ts'

/** Which kinds of numbers a value holds, and its values where they were looked at. */
interface Finding {
  readonly hasNaN: boolean
  readonly hasInfinity: boolean
  readonly values: TypedArray | undefined
}

const nothing: Finding = { hasNaN: false, hasInfinity: false, values: undefined }

/**
 * Computes a graph with an array for every op that computes something, and throws NumericsError for
 * the first that makes a NaN or an infinity of inputs that hold none. Nothing is kept.
 */
export const checkNumerics: NumericsCheck = async (structure, arrays, scalars, backend) => {
  const findings = new Map<Node, Finding>()
  for (const [i, node] of structure.arrays.entries()) {
    findings.set(node, findingOf(await valuesAt(arrays[i], node, backend)))
  }
  structure.numbers.forEach((node, i) => {
    findings.set(node, findingOf(new Float64Array([scalars[i] ?? 0])))
  })
  const values = await computeAll(structure, arrays, scalars, backend)
  for (const node of structure.order) {
    if (structure.isGiven(node)) continue
    const inputs = node.inputs.map((input) => findings.get(resolve(structure, input)) ?? nothing)
    const computed = values.get(node)
    const finding = computed === undefined ? shownBy(node, inputs) : findingOf(computed)
    if (computed !== undefined) checkFinding(structure, node, finding, inputs)
    findings.set(node, finding)
  }
}

function resolve(structure: GraphStructure, node: Node): Node {
  return structure.representative.get(node) ?? node
}

/** Values of the ops that compute floats; views of other values are left out. */
async function computeAll(
  structure: GraphStructure,
  arrays: readonly BufferView[],
  scalars: readonly number[],
  backend: Backend,
): Promise<ReadonlyMap<Node, TypedArray>> {
  const { kernels } = backend.capabilities
  const computes = (node: Node) => {
    const { cost, reduces } = analyze(node, kernels)
    return cost > 0 || reduces
  }
  const nodes = structure.order.filter(
    (node) =>
      !structure.isGiven(node) && isFloat(node.dtype) && sizeOf(node.shape) > 0 && computes(node),
  )
  const all = structureOf(nodes, structure.isGiven)
  const storages = allocateAll(all.outputs, backend)
  const values = new Map<Node, TypedArray>()
  try {
    await compiledPlanFor(all, backend).executable.run(
      all.arrays.flatMap((node) => arrays[structure.arrays.indexOf(node)] ?? []),
      storages.flatMap(({ view }) => view ?? []),
      all.numbers.map((node) => scalars[structure.numbers.indexOf(node)] ?? 0),
    )
    for (const [i, node] of all.outputs.entries()) {
      values.set(node, await valuesAt(storages[i]?.view, node, backend))
    }
  } catch (error) {
    throw withOrigin(error, structure.outputs)
  } finally {
    for (const storage of storages) storage.free()
  }
  return values
}

async function valuesAt(
  view: BufferView | undefined,
  node: Node,
  backend: Backend,
): Promise<TypedArray> {
  const size = sizeOf(node.shape)
  if (view === undefined || size === 0 || !isFloat(node.dtype)) return new Float32Array(0)
  const bytes = await backend.read(view.buffer, view.byteOffset, nodeByteLength(node))
  return valuesIn(node.dtype, bytes.buffer, bytes.byteOffset, size)
}

function findingOf(values: TypedArray): Finding {
  let [hasNaN, hasInfinity] = [false, false]
  for (const value of values) {
    if (Number.isNaN(value)) hasNaN = true
    else if (!Number.isFinite(value)) hasInfinity = true
  }
  return { hasNaN, hasInfinity, values }
}

function union(inputs: readonly Finding[]): Finding {
  return {
    hasNaN: inputs.some(({ hasNaN }) => hasNaN),
    hasInfinity: inputs.some(({ hasInfinity }) => hasInfinity),
    values: undefined,
  }
}

/** What a value holds that only shows others. */
function shownBy(node: Node, inputs: readonly Finding[]): Finding {
  return isFloat(node.dtype) ? union([...inputs, stated(node)]) : nothing
}

function checkFinding(
  structure: GraphStructure,
  node: Node,
  { hasNaN, hasInfinity, values }: Finding,
  inputs: readonly Finding[],
): void {
  const given = union(inputs)
  const makesNaN = hasNaN && !given.hasNaN
  const makesInfinity =
    hasInfinity && !given.hasInfinity && !given.hasNaN && !stated(node).hasInfinity
  if (!makesNaN && !makesInfinity) return
  const isBad = (value: number) =>
    Number.isNaN(value) ? makesNaN : makesInfinity && !Number.isFinite(value)
  const at = [...(values ?? [])].findIndex(isBad)
  throw numericsError(structure, node, at, values ?? [], inputs)
}

/** What the program wrote into the op itself, such as the fill of a pad. */
function stated({ source }: Node): Finding {
  const attributes = source.kind === 'op' ? Object.values(source.attributes) : []
  return findingOf(Float64Array.from(attributes.flatMap(numbersIn)))
}

function numbersIn(attribute: Attribute): number[] {
  if (typeof attribute === 'number') return [attribute]
  return Array.isArray(attribute) ? attribute.flatMap(numbersIn) : []
}

function numericsError(
  structure: GraphStructure,
  node: Node,
  at: number,
  values: ArrayLike<number>,
  inputs: readonly Finding[],
): NumericsError {
  const { source } = node
  const [op, names] = source.kind === 'op' ? [source.op.name, source.names] : [source.kind, []]
  const bad = Array.from(values).filter((value) => !Number.isFinite(value)).length
  const origin = originOf(node)
  const from = node.inputs.map((input, i) =>
    inputText(names[i] ?? '', resolve(structure, input), inputs[i]?.values),
  )
  return new NumericsError(op, {
    got:
      `${values[at]} at ${formatShape(positionOf(at, node.shape))} of its result ` +
      `${node.dtype} ${formatShape(node.shape)}, ${bad} of ${values.length} elements not finite` +
      `${from.length > 0 ? `, from ${from.join(' and ')}` : ''}` +
      `${origin === undefined ? '' : `, made at ${origin}`}`,
    wanted: 'finite numbers',
    hint:
      origin === undefined
        ? 'debug({ origins: true }) tells the line'
        : 'keep the inputs of the op in its domain, for example by clip or an ε',
  })
}

/** Such as `x float32 [2, 3] between -1 and 2`. */
function inputText(name: string, { dtype, shape }: Node, values: TypedArray | undefined): string {
  const what = `${name} ${dtype} ${formatShape(shape)}`
  if (values === undefined || values.length === 0) return what
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  return `${what} between ${shortened(least)} and ${shortened(greatest)}`
}

function shortened(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function positionOf(flat: number, shape: readonly number[]): number[] {
  let rest = flat
  const position = [...shape].reverse().map((size) => {
    const index = rest % size
    rest = Math.floor(rest / size)
    return index
  })
  return position.reverse()
}
