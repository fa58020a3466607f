import { type DType, leavesOf, Parameter, type ParameterTree } from '@tensorweft/core'

/** A parameter with its place in a tree. */
export interface NamedParameter {
  /** Such as `dense.kernel`. */
  readonly name: string
  readonly parameter: Parameter<DType>
}

/** All parameters of a tree in order; one that has several places has several names. */
export function namedParameters(tree: ParameterTree): NamedParameter[] {
  return leavesOf(tree).flatMap(({ path, leaf }) =>
    leaf instanceof Parameter ? [{ name: path, parameter: leaf }] : [],
  )
}
