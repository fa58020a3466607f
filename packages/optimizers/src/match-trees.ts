import {
  ArgumentError,
  type DType,
  DTypeError,
  formatShape,
  leavesOf,
  Parameter,
  ShapeError,
  sameShape,
  Tensor,
} from '@tensorweft/core'

/** A parameter that is to be updated, with its gradient of the same shape and dtype. */
export interface ParameterUpdate {
  /** Its place in the tree, such as `dense.kernel`. */
  readonly path: string
  readonly parameter: Parameter<DType>
  readonly gradient: Tensor<DType>
}

/** A parameter with its place in the tree. */
export type NamedParameter = Pick<ParameterUpdate, 'path' | 'parameter'>

/**
 * The trainable parameters of a tree, each once: one that is used in several places has its whole
 * gradient at each of them.
 *
 * @throws ArgumentError where a leaf is no parameter.
 */
export function trainableParameters(op: string, tree: unknown): NamedParameter[] {
  const seen = new Set<Parameter<DType>>()
  return namedLeaves(tree).flatMap(({ path, leaf }) => {
    if (!(leaf instanceof Parameter)) throw wrongLeaf(op, leaf, path, 'parameters', 'a Parameter')
    if (!leaf.trainable || seen.has(leaf)) return []
    seen.add(leaf)
    return [{ path, parameter: leaf }]
  })
}

/** The leaves with their paths; a tree that is one leaf has it at `parameter`. */
function namedLeaves(tree: unknown): { readonly path: string; readonly leaf: unknown }[] {
  return leavesOf(tree).map(({ path, leaf }) => ({ path: path || 'parameter', leaf }))
}

/**
 * The trainable parameters with their gradients.
 *
 * @throws ArgumentError where the trees differ in form, ShapeError or DTypeError where a gradient
 * does not fit its parameter.
 */
export function matchTrees(op: string, parameters: unknown, gradients: unknown): ParameterUpdate[] {
  const updates = trainableParameters(op, parameters)
  const paths = new Set(namedLeaves(parameters).map(({ path }) => path))
  const leaves = new Map(namedLeaves(gradients).map(({ path, leaf }) => [path, leaf]))
  const missing = [...paths].find((path) => !leaves.has(path))
  const extra = [...leaves.keys()].find((path) => !paths.has(path))
  if (missing !== undefined || extra !== undefined) {
    throw new ArgumentError(op, {
      got:
        missing === undefined
          ? `a gradient '${extra}' without a parameter`
          : `no gradient for the parameter '${missing}'`,
      wanted: 'gradients in the form of the parameters',
    })
  }
  return updates.map((update) => {
    const gradient = leaves.get(update.path)
    if (gradient instanceof Tensor) return checkFit(op, { ...update, gradient })
    throw wrongLeaf(op, gradient, update.path, 'gradients', 'a tensor')
  })
}

function checkFit(op: string, update: ParameterUpdate): ParameterUpdate {
  const { path, parameter, gradient } = update
  if (!sameShape(parameter.shape, gradient.shape)) {
    throw new ShapeError(op, {
      got: `a gradient ${formatShape(gradient.shape)} for '${path}'`,
      wanted: formatShape(parameter.shape),
    })
  }
  if (parameter.dtype !== gradient.dtype) {
    throw new DTypeError(op, {
      got: `a gradient of ${gradient.dtype} for '${path}'`,
      wanted: parameter.dtype,
    })
  }
  return update
}

function wrongLeaf(op: string, leaf: unknown, path: string, tree: string, wanted: string) {
  const found =
    leaf instanceof Tensor ? 'a tensor' : leaf instanceof Parameter ? 'a Parameter' : leaf
  return new ArgumentError(op, { got: `${found} at '${path}' of the ${tree}`, wanted })
}
