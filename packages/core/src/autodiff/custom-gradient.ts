import { type DType, isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError, GradientError, ShapeError } from '../errors.ts'
import { createPlaceholder } from '../execution/trace.ts'
import { topologicalOrder } from '../graph/order.ts'
import { runInScope } from '../graph/scope.ts'
import { type Node, releaseTensor, Tensor, type TensorSpec } from '../graph/tensor.ts'
import { checkTensor } from '../ops/check-tensor.ts'
import { defineOp } from '../ops/define-op.ts'
import { isStopped } from '../ops/stop-gradient.ts'
import { Parameter, withVersions } from '../runtime/parameter.ts'
import { formatShape, sameShape } from '../shape.ts'
import { leavesOf, mapTree } from '../tree.ts'
import { ruleOf, setRule } from './rules.ts'

const op = 'customGradient'

/** A result, and how a gradient by it becomes gradients by the arguments. */
export interface ValueWithGradient<D extends DType = 'float32'> {
  readonly value: Tensor<D>
  /**
   * `dy`: the gradient by `value`, of its shape. Gives one entry per argument, in the argument's
   * form: a tensor for a tensor, an array or object for one of tensors, `undefined` for none.
   */
  readonly gradient: (dy: Tensor<D>) => readonly unknown[]
}

/**
 * A function with a gradient of its own. Its body runs as usual; gradients do not go through it
 * but are what `gradient` says. That is made of ops, so it has gradients too, and both are part of
 * the plan under `compile`.
 *
 * @param fn A function of tensors (or parameters, or arrays and objects of them) that gives its
 * value and the function for the gradient. What it is differentiated by must be among its arguments.
 * @throws ArgumentError if `fn` gives no value or no function for the gradient. When gradients are
 * taken, ArgumentError, ShapeError or DTypeError if `gradient` gives something else than a gradient
 * per argument; GradientError if one is asked for by a tensor on which the body depends besides its
 * arguments.
 * @example
 * ```ts
 * import { customGradient, gradients, log1p, type Tensor, tensor } from '@tensorweft/core'
 *
 * // log(1 + eˣ), whose derivative as written is ∞ / ∞ for large x.
 * const softplus = customGradient((x: Tensor) => {
 *   const e = x.exp()
 *   return { value: log1p(e), gradient: (dy) => [dy.mul(x.sigmoid())] }
 * })
 * const x = tensor([100])
 * const [dx] = gradients(softplus(x).sum(), [x])
 * await dx.array() // [1]
 * ```
 */
export function customGradient<A extends readonly unknown[], D extends DType = 'float32'>(
  fn: (...args: A) => ValueWithGradient<D>,
): (...args: A) => Tensor<D> {
  return (...args) => {
    const inputs = tensorsIn(args)
    const before = createPlaceholder({ shape: [], dtype: 'bool' }).id
    const { value, gradient } = runInScope(undefined, () => fn(...handedOver(args))) ?? {}
    checkTensor(op, 'value', value, 'return { value, gradient }')
    if (typeof gradient !== 'function') {
      throw new ArgumentError(op, {
        got: `gradient is ${typeof gradient}`,
        wanted: 'a function: gradient: (dy) => [dx]',
      })
    }
    const captured = capturedBy(value, inputs, before)
    const named = Object.fromEntries([
      ...inputs.map(({ tensor }, i) => [`input${i}`, tensor]),
      ...captured.map((tensor, i) => [`captured${i}`, tensor]),
    ])
    const result = customOp.apply<D>({ result: value, ...named }, {})
    captured.forEach(releaseTensor)
    const versions = new Map(inputs.map(({ leaf, tensor }) => [leaf, tensor.node]))
    const list = inputs.map(({ path, tensor: { shape, dtype } }) => ({ path, shape, dtype }))
    // The rule sees parameters as the body did, whatever was assigned since.
    setRule(result.node, (dy) =>
      matched(
        withVersions(versions, () => gradient(dy as Tensor<D>)),
        list,
      ),
    )
    return result
  }
}

const customOp = defineOp<'result', Record<never, never>>({
  name: op,
  infer: ({ result }) => result,
  lower: ({ result }, { at }) => result.at(...at),
  vjp: (dy, inputs, { output, by }) => {
    const { result, ...others } = inputs
    const [own, captured] = [new Map<string, Node>(), [] as Node[]]
    for (const [name, { node }] of Object.entries<Tensor>(others)) {
      if (name.startsWith('captured')) captured.push(node)
      else own.set(name, node)
    }
    checkReach(result.node, new Set(own.values()), captured, by)
    const grads = ruleOf(output.node)?.(dy) ?? []
    return Object.fromEntries([...own.keys()].map((name, i) => [name, grads[i]]))
  },
})

interface Input {
  readonly path: string
  readonly leaf: unknown
  readonly tensor: Tensor<DType>
}

function tensorsIn(args: readonly unknown[]): Input[] {
  return leavesOf(args).flatMap(({ path, leaf }) => {
    const tensor: unknown = leaf instanceof Parameter ? leaf.value : leaf
    return tensor instanceof Tensor ? [{ path, leaf, tensor }] : []
  })
}

/** What was there before the body ran, and what it uses without taking it. */
function capturedBy(
  value: Tensor<DType>,
  inputs: readonly Input[],
  before: number,
): Tensor<DType>[] {
  const own = new Set(inputs.map(({ tensor }) => tensor.node))
  const isOutside = (node: Node) => node.id < before
  return topologicalOrder([value.node], isOutside).flatMap((node) =>
    isOutside(node) && !own.has(node) ? new Tensor<DType>(node) : [],
  )
}

/** Tensors of the body's own: the rule may need them after the caller has given up his. */
function handedOver<A extends readonly unknown[]>(args: A): A {
  return mapTree(args, (leaf) => (leaf instanceof Tensor ? new Tensor(leaf.node) : leaf)) as A
}

/** An argument that is, or has in it, a tensor. */
interface Expected extends TensorSpec {
  readonly path: string
}

/** The gradients by path, checked. */
function matched(given: readonly unknown[], inputs: readonly Expected[]): (Tensor | undefined)[] {
  if (!Array.isArray(given)) {
    throw new ArgumentError(op, {
      got: `a gradient that gives ${given === null ? 'null' : typeof given}`,
      wanted: 'an array with an entry per argument',
      hint: 'write `gradient: (dy) => [dx]`, also for a single argument',
    })
  }
  const missing = inputs.find(
    ({ path, dtype }) => isFloat(dtype) && Number.parseInt(path, 10) >= given.length,
  )
  if (missing !== undefined) {
    throw new ArgumentError(op, {
      got: `a gradient that gives nothing at '${missing.path}'`,
      wanted: 'an array with an entry per argument, undefined for none',
    })
  }
  const byPath = new Map(leavesOf(given).map(({ path, leaf }) => [path, leaf]))
  const known = new Set(inputs.map(({ path }) => path))
  const surplus = [...byPath].find(([path, leaf]) => leaf instanceof Tensor && !known.has(path))
  if (surplus !== undefined) {
    throw new ArgumentError(op, {
      got: `a gradient at '${surplus[0]}', where there is no tensor among the arguments`,
      wanted: `gradients at ${[...known].map((path) => `'${path}'`).join(', ')}`,
    })
  }
  return inputs.map((input) => checkGradient(input, byPath.get(input.path)))
}

function checkGradient({ path, shape, dtype }: Expected, gradient: unknown): Tensor | undefined {
  if (gradient === undefined || gradient === null) return undefined
  const name = `the gradient at '${path}'`
  const tensor = checkTensor(op, name, gradient)
  if (!sameShape(tensor.shape, shape)) {
    throw new ShapeError(op, {
      got: `${name} is ${formatShape(tensor.shape)}`,
      wanted: `${formatShape(shape)}, the shape of the argument`,
    })
  }
  if (tensor.dtype === dtype) return tensor as Tensor
  throw new DTypeError(op, {
    got: `${name} is ${tensor.dtype}`,
    wanted: `${dtype}, the dtype of the argument`,
  })
}

/** Gradients stop at the body; what it uses besides its arguments would silently get none. */
function checkReach(
  result: Node,
  own: ReadonlySet<Node>,
  captured: readonly Node[],
  by: ReadonlySet<Node>,
): void {
  const isCut = (node: Node) => isStopped(node) || !isFloat(node.dtype)
  const inside = topologicalOrder([result], (node) => own.has(node) || isCut(node))
  const missed =
    inside.find((node) => by.has(node) && !own.has(node)) ??
    topologicalOrder(captured, isCut).find((node) => by.has(node))
  if (missed === undefined) return
  throw new GradientError(op, {
    got: `a gradient by a tensor ${formatShape(missed.shape)} that the function uses without taking it`,
    wanted: 'gradients by its arguments',
    hint: 'pass the tensor as an argument, and give its gradient or undefined',
  })
}
