import type { DType } from '../dtype.ts'
import { ArgumentError, GradientError, ShapeError } from '../errors.ts'
import { topologicalOrder } from '../graph/order.ts'
import { runInScope } from '../graph/scope.ts'
import { type Node, Tensor } from '../graph/tensor.ts'
import { checkTensor } from '../ops/check-tensor.ts'
import { defineOp } from '../ops/define-op.ts'
import { Parameter } from '../runtime/parameter.ts'
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
 * @throws ArgumentError, ShapeError when gradients are taken, if `gradient` gives something else
 * than a gradient per argument; GradientError if a gradient is asked for by a tensor that the body
 * uses but that is no argument.
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
    const { value, gradient } = runInScope(undefined, () => fn(...handedOver(args)))
    checkTensor(op, 'value', value)
    const named = Object.fromEntries(inputs.map(({ tensor }, i) => [`input${i}`, tensor]))
    const result = customOp.apply<D>({ result: value, ...named }, {})
    setRule(result.node, (dy) => {
      const given = gradient(dy as Tensor<D>)
      return matched(
        given,
        inputs.map(({ path, tensor }) => ({ path, shape: tensor.shape })),
      )
    })
    return result
  }
}

const customOp = defineOp<'result', Record<never, never>>({
  name: op,
  infer: ({ result }) => result,
  lower: ({ result }, { at }) => result.at(...at),
  vjp: (dy, inputs, { output, by }) => {
    const { result, ...own } = inputs
    const nodes = Object.values<Tensor>(own).map(({ node }) => node)
    checkReach(result.node, nodes, by)
    const grads = ruleOf(output.node)?.(dy) ?? []
    return Object.fromEntries(Object.keys(own).map((name, i) => [name, grads[i]]))
  },
})

function tensorsIn(args: readonly unknown[]): { path: string; tensor: Tensor<DType> }[] {
  return leavesOf(args).flatMap(({ path, leaf }) => {
    const tensor: unknown = leaf instanceof Parameter ? leaf.value : leaf
    return tensor instanceof Tensor ? [{ path, tensor }] : []
  })
}

/** Tensors of the body's own: the rule may need them after the caller has given up his. */
function handedOver<A extends readonly unknown[]>(args: A): A {
  return mapTree(args, (leaf) => (leaf instanceof Tensor ? new Tensor(leaf.node) : leaf)) as A
}

/** The gradients by path, checked. */
function matched(
  given: readonly unknown[],
  inputs: readonly { readonly path: string; readonly shape: readonly number[] }[],
): (Tensor | undefined)[] {
  if (!Array.isArray(given)) {
    throw new ArgumentError(op, {
      got: `a gradient that gives ${given === null ? 'null' : typeof given}`,
      wanted: 'an array with an entry per argument',
      hint: 'write `gradient: (dy) => [dx]`, also for a single argument',
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
  return inputs.map(({ path, shape }) => checkGradient(path, byPath.get(path), shape))
}

function checkGradient(
  path: string,
  gradient: unknown,
  shape: readonly number[],
): Tensor | undefined {
  if (gradient === undefined || gradient === null) return undefined
  const tensor = checkTensor(op, `the gradient at '${path}'`, gradient)
  if (sameShape(tensor.shape, shape)) return tensor as Tensor
  throw new ShapeError(op, {
    got: `the gradient at '${path}' is ${formatShape(tensor.shape)}`,
    wanted: `${formatShape(shape)}, the shape of the argument`,
  })
}

/** Gradients stop at the body; what it uses besides its arguments would silently get none. */
function checkReach(result: Node, inputs: readonly Node[], by: ReadonlySet<Node>): void {
  const own = new Set(inputs)
  const isOwn = (node: Node) => own.has(node)
  const missed = topologicalOrder([result], isOwn).find((node) => by.has(node) && !isOwn(node))
  if (missed === undefined) return
  throw new GradientError(op, {
    got: `a gradient by a tensor ${formatShape(missed.shape)} that the function uses without taking it`,
    wanted: 'gradients by its arguments',
    hint: 'pass the tensor as an argument, and give its gradient or undefined',
  })
}
