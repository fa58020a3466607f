import {
  type AnyTensor,
  ArgumentError,
  castNumber,
  formatShape,
  sizeOf,
  valuesIn,
} from '@tensorweft/core'
import { type Approximation, exactly } from './approximation.ts'
import { roundedTo } from './dtypes.ts'
import { type ReferenceRule, referenceRules } from './rules.ts'

type Node = AnyTensor['node']

export interface ReferenceOptions {
  /** Rules by op name, for ops that are not core's, or instead of the rule that is there. */
  readonly rules?: Readonly<Record<string, ReferenceRule>>
}

/**
 * What tensors should hold, from their graph alone: every op in double precision by a definition of
 * its own, with a bound for the rounding that a backend's dtypes allow. Values that a backend has
 * computed are not used, only data that was given to it.
 *
 * @throws ArgumentError for an op without a rule and for tensors without a value.
 * @example
 * ```ts
 * const x = tensor([1, 2, 3])
 * const [expected] = await evaluateReference([x.mul(2).sum()])
 * ```
 */
export async function evaluateReference(
  tensors: readonly AnyTensor[],
  { rules = {} }: ReferenceOptions = {},
): Promise<Approximation[]> {
  const known = new Map<Node, Approximation>()
  const roots = tensors.map((tensor) => tensor.node)
  for (const node of inputsFirst(roots)) known.set(node, await approximate(node, known, rules))
  return roots.flatMap((node) => known.get(node) ?? [])
}

async function approximate(
  node: Node,
  known: ReadonlyMap<Node, Approximation>,
  rules: Readonly<Record<string, ReferenceRule>>,
): Promise<Approximation> {
  const { source, shape, dtype } = node
  switch (source.kind) {
    case 'number':
      return exactly(shape, dtype, [roundedTo(dtype, castNumber(source.value, dtype))])
    case 'data':
      return exactly(shape, dtype, await dataOf(node))
    case 'placeholder':
      throw new ArgumentError('evaluateReference', {
        got: 'an argument of a function under compile, which has no value',
        wanted: 'tensors made outside of compiled functions',
      })
    case 'op': {
      const rule = rules[source.op.name] ?? referenceRules[source.op.name]
      const inputs = Object.fromEntries(
        source.names.flatMap((name, i) => {
          const input = node.inputs[i] && known.get(node.inputs[i])
          return input === undefined ? [] : [[name, input]]
        }),
      )
      if (rule !== undefined) return rule(inputs, { shape, dtype, attributes: source.attributes })
      // A named region is what the ops in it are.
      if (source.op.isRegion && inputs.result !== undefined) return inputs.result
      throw unknownOp(source.op.name)
    }
  }
}

function unknownOp(name: string): ArgumentError {
  return new ArgumentError('evaluateReference', {
    got: `the op ${name}`,
    wanted: 'an op with a reference rule',
    hint: 'pass one: evaluateReference(tensors, { rules: { … } })',
  })
}

async function dataOf(node: Node): Promise<ArrayLike<number>> {
  const { shape, dtype, hostData, storage } = node
  const size = sizeOf(shape)
  if (size === 0) return []
  const bytes = hostData ?? (storage?.view && (await storage.backend.read(storage.view.buffer)))
  if (bytes === undefined) {
    throw new ArgumentError('evaluateReference', {
      got: `a tensor ${dtype} ${formatShape(shape)} whose value is gone`,
      wanted: 'tensors that hold a value',
    })
  }
  return valuesIn(dtype, bytes.buffer, bytes.byteOffset, size)
}

/** Every node that is needed, inputs before what uses them, without recursion. */
function inputsFirst(roots: readonly Node[]): Node[] {
  const order: Node[] = []
  const entered = new Set<Node>()
  const left = new Set<Node>()
  const stack = [...roots]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (!entered.has(node)) {
      entered.add(node)
      stack.push(...node.inputs)
      continue
    }
    stack.pop()
    if (left.has(node)) continue
    left.add(node)
    order.push(node)
  }
  return order
}
