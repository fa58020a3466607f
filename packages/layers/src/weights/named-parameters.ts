import { type DType, leavesOf, Parameter, type ParameterTree } from '@tensorweft/core'

/** A parameter with its place in a tree. */
export interface NamedParameter {
  /** Such as `dense.kernel`. */
  readonly name: string
  readonly parameter: Parameter<DType>
}

/** All parameters of a tree in order; one that has several places is named by the first. */
export function namedParameters(tree: ParameterTree): NamedParameter[] {
  const seen = new Set<unknown>()
  return leavesOf(tree).flatMap(({ path, leaf }) => {
    if (!(leaf instanceof Parameter) || seen.has(leaf)) return []
    seen.add(leaf)
    return [{ name: path, parameter: leaf }]
  })
}
