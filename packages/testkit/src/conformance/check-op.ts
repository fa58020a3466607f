import {
  type AnyTensor,
  type Backend,
  type DType,
  isFloat,
  type Shape,
  type TypedArray,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { describeMismatches } from '../reference/compare.ts'
import { evaluateReference } from '../reference/evaluate.ts'
import { checkGradients } from './check-gradients.ts'
import { checkNear } from './compare-arrays.ts'
import { ConformanceError } from './conformance-error.ts'
import { sampleData } from './data.ts'

/** An input of an op under test: what is drawn at random, and from where. */
export interface OpInput {
  readonly shape: Shape
  /** By default floats: float32, and float64 too on backends that have it. */
  readonly dtype?: DType
  /** Least and greatest value, by default −2 and 2. */
  readonly range?: readonly [number, number]
}

/** A function of tensors with inputs on which it is to be checked. */
export interface OpCheck {
  readonly name: string
  readonly apply: (xs: readonly AnyTensor[]) => AnyTensor
  readonly inputs: readonly OpInput[]
  /**
   * The values that it should give, row-major, computed in double precision by other means. Without
   * it the graph that `apply` builds is evaluated, which finds wrong kernels but not a wrong op.
   */
  readonly reference?: (inputs: readonly Float64Array[]) => ArrayLike<number>
  /** Relative to the greatest wanted value; for `reference` in float32, by default 1e-5. */
  readonly tolerance?: number
  /** Whether gradients of first and second order are checked; by default yes. */
  readonly hasGradient?: boolean
}

/**
 * Checks an op on a backend: its values, that nothing finite becomes infinite or NaN, its first and
 * second gradients against differences, and that the inputs show something: where every slope is 0,
 * wrong gradients would go unnoticed.
 *
 * @throws ConformanceError for the first thing that is wrong.
 * @example
 * ```ts
 * const softcap = (x: AnyTensor) => mul(tanh(div(x, 30)), 30)
 * const inputs = [{ shape: [7] }]
 * await checkOp({ name: 'softcap', apply: ([x]) => softcap(x as AnyTensor), inputs }, cpu())
 * ```
 */
export async function checkOp(op: OpCheck, backend: Backend): Promise<void> {
  const floats = floatsOf(backend)
  for (const float of floats) await within(op, float, () => checkOpValues(op, backend, float))
  if (op.hasGradient === false) return
  const float = floats.at(-1) ?? 'float32'
  await within(op, float, () => checkGradients(op.apply, argumentsOf(op, float), backend))
}

/** Forward results only; by default in every dtype of floats that the backend has. */
export async function checkOpForward(
  op: OpCheck,
  backend: Backend,
  floats: readonly DType[] = floatsOf(backend),
): Promise<void> {
  for (const float of floats) {
    await within(op, float, () => checkOpValues(op, backend, float))
  }
}

/** What is drawn as inputs where floats are of this dtype. */
export function inputsOf(op: OpCheck, float: DType): AnyTensor[] {
  return argumentsOf(op, float).map(({ values, shape, dtype }) =>
    tensor<DType>(values, { shape, dtype }),
  )
}

function floatsOf({ capabilities }: Backend): DType[] {
  return capabilities.dtypes.filter(isFloat)
}

async function checkOpValues(op: OpCheck, backend: Backend, float: DType): Promise<void> {
  const result = op.apply(inputsOf(op, float))
  const actual = await withBackend(backend, () => result.data())
  checkFinite(actual)
  if (op.reference !== undefined) {
    const args = argumentsOf(op, float)
    const wanted = op.reference(args.map(({ values }) => Float64Array.from(values)))
    const { tolerance = 1e-5 } = op
    const largest = Math.max(...Array.from(wanted, Math.abs))
    checkNear('values', actual, wanted, { absolute: tolerance * largest })
    return
  }
  const [expected] = await evaluateReference([result])
  const difference = expected && describeMismatches(actual, expected)
  if (difference !== undefined) throw new ConformanceError(difference)
}

/** Inputs are finite, so results have no reason not to be. */
function checkFinite(values: TypedArray): void {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw new ConformanceError(`[${at}] is ${values[at]} for finite inputs`)
}

function argumentsOf({ inputs }: OpCheck, float: DType) {
  return inputs.map(({ shape, dtype = float, range }, i) => ({
    shape,
    dtype,
    values: sampleData(dtype, shape, range, i + 1),
  }))
}

/** Says in errors which op it is about. */
async function within(op: OpCheck, float: DType, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error
    const tensors = op.inputs.map(({ shape, dtype = float }) => `${dtype} [${shape.join(', ')}]`)
    throw new ConformanceError(`${op.name}(${tensors.join(', ')}): ${error.message}`)
  }
}
