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
  return leavesOf(tree).flatMap(({ path, leaf }) => {
    if (!(leaf instanceof Parameter)) {
      throw new ArgumentError(op, {
        got: `${describe(leaf)} at ${place(path)} of the parameters`,
        wanted: 'a Parameter',
      })
    }
    if (!leaf.trainable || seen.has(leaf)) return []
    seen.add(leaf)
    return [{ path: path === '' ? 'parameter' : path, parameter: leaf }]
  })
}

/**
 * The trainable parameters with their gradients.
 *
 * @throws ArgumentError where the trees differ in form, ShapeError or DTypeError where a gradient
 * does not fit its parameter.
 */
export function matchTrees(op: string, parameters: unknown, gradients: unknown): ParameterUpdate[] {
  const updates = trainableParameters(op, parameters)
  const leaves = leavesOf(gradients)
  const gradientAt = new Map(leaves.map(({ path, leaf }) => [path || 'parameter', leaf]))
  checkSamePaths(
    op,
    leavesOf(parameters).map(({ path }) => path || 'parameter'),
    [...gradientAt.keys()],
  )
  return updates.map((update) => {
    const gradient = gradientAt.get(update.path)
    if (!(gradient instanceof Tensor)) {
      throw new ArgumentError(op, {
        got: `${describe(gradient)} at '${update.path}' of the gradients`,
        wanted: 'a tensor',
      })
    }
    return checkFit(op, { ...update, gradient })
  })
}

function checkSamePaths(op: string, wanted: readonly string[], got: readonly string[]): void {
  const missing = wanted.find((path) => !got.includes(path))
  const extra = got.find((path) => !wanted.includes(path))
  if (missing === undefined && extra === undefined) return
  throw new ArgumentError(op, {
    got:
      missing === undefined
        ? `a gradient '${extra}' without a parameter`
        : `no gradient for the parameter '${missing}'`,
    wanted: 'gradients in the form of the parameters',
    hint: 'pass the same tree to both: update(parameters, gradients(loss, parameters))',
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

function place(path: string): string {
  return path === '' ? 'the root' : `'${path}'`
}

function describe(leaf: unknown): string {
  if (leaf instanceof Tensor) return 'a tensor'
  if (leaf instanceof Parameter) return 'a Parameter'
  return leaf === undefined ? 'nothing' : String(leaf)
}
