import {
  type AnyTensor,
  type Backend,
  compile,
  type DType,
  gradients,
  isFloat,
  mul,
  type Shape,
  sum,
  type Tensor,
  type TypedArray,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { seededRandom } from '../random-graphs/choices.ts'
import { ConformanceError } from './conformance-error.ts'

/** An argument of a function whose gradient is checked. */
export interface GradientArgument {
  readonly shape: Shape
  readonly dtype: DType
  readonly values: TypedArray
}

export interface GradientOptions {
  /** 1: the gradient; 2: the gradient of the gradient too. By default 2. */
  readonly order?: 1 | 2
  /** Elements of each argument that are varied; by default 12. */
  readonly elements?: number
}

type ScalarFunctionOfTensors = (xs: readonly AnyTensor[]) => Tensor<DType>

/** Step of the differences, and how far they may be from the gradient, per dtype. */
const accuracy = {
  float32: { step: 2 ** -6, tolerance: 1e-3 },
  float64: { step: 2 ** -9, tolerance: 1e-8 },
} as const

/**
 * Compares gradients on a backend with differences of the function itself:
 * `(f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h)) / 12h`.
 * Arguments that are no floats stay as they are.
 *
 * @param f Gives a tensor of any shape; its weighted sum is what is differentiated.
 * @throws ConformanceError where a gradient is off.
 */
export async function checkGradients(
  f: (xs: readonly AnyTensor[]) => AnyTensor,
  args: readonly GradientArgument[],
  backend: Backend,
  { order = 2, elements = 12 }: GradientOptions = {},
): Promise<void> {
  const scalar: ScalarFunctionOfTensors = (xs) => weightedSum(f(xs), 1)
  await checkOrder('gradient', scalar, args, backend, elements)
  await checkSlopes(f, args, backend)
  if (order === 1) return
  const slope: ScalarFunctionOfTensors = (xs) => {
    const slopes = gradients(scalar(xs), xs.filter(isDifferentiable))
    return slopes.map((dx, i) => weightedSum(dx, i + 2)).reduce((total, next) => total.add(next))
  }
  await checkOrder('second gradient', slope, args, backend, elements)
}

async function checkOrder(
  what: string,
  f: ScalarFunctionOfTensors,
  args: readonly GradientArgument[],
  backend: Backend,
  elements: number,
): Promise<void> {
  const run = compile((...xs: AnyTensor[]) => ({
    value: f(xs),
    slopes: gradients(f(xs), xs.filter(isDifferentiable)),
  }))
  const evaluate = (values: readonly TypedArray[]) =>
    withBackend(backend, async () =>
      run(...args.map(({ shape, dtype }, i) => tensor(values[i] ?? [], { shape, dtype }))),
    )
  const values = args.map((arg) => arg.values)
  const { slopes } = await evaluate(values)
  let next = 0
  for (const [number, { dtype }] of args.entries()) {
    if (!isFloat(dtype)) continue
    const slope = await withBackend(backend, () => slopes[next]?.data())
    next++
    const { step, tolerance } = accuracy[dtype]
    for (const element of someElements(values[number]?.length ?? 0, elements)) {
      const at = async (offset: number) => {
        const { value } = await evaluate(shifted(values, number, element, offset * step))
        return withBackend(backend, () => value.item())
      }
      const [low2, low, high, high2] = [await at(-2), await at(-1), await at(1), await at(2)]
      const wanted = (low2 - 8 * low + 8 * high - high2) / (12 * step)
      const got = slope?.[element] ?? Number.NaN
      const size = Math.max(1, Math.abs(wanted), Math.abs(high), Math.abs(low))
      if (Math.abs(got - wanted) <= tolerance * size) continue
      throw new ConformanceError(
        `${what} by argument ${number} at [${element}] is ${got}, differences give ${wanted}`,
      )
    }
  }
}

/** Where all slopes are 0, differences are too, and agree with any gradient times 0. */
async function checkSlopes(
  f: (xs: readonly AnyTensor[]) => AnyTensor,
  args: readonly GradientArgument[],
  backend: Backend,
): Promise<void> {
  const xs = args.map(({ values, shape, dtype }) => tensor<DType>(values, { shape, dtype }))
  const y = f(xs)
  const slopes = gradients(weightedSum(y, 1), xs.filter(isDifferentiable))
  if (y.size === 0 || slopes.every((slope) => slope.size === 0)) return
  for (const slope of slopes) {
    const values = await withBackend(backend, () => slope.data())
    if (values.some((value) => value !== 0)) return
  }
  throw new ConformanceError('every slope is 0: the sample is saturated and shows nothing')
}

function isDifferentiable(x: AnyTensor): boolean {
  return isFloat(x.dtype)
}

/** Values with one element moved. */
function shifted(
  values: readonly TypedArray[],
  number: number,
  element: number,
  offset: number,
): TypedArray[] {
  return values.map((array, i) => {
    if (i !== number) return array
    const copy = array.slice()
    copy[element] = (copy[element] ?? 0) + offset
    return copy
  })
}

/** At most `count` positions, spread over all. */
function someElements(size: number, count: number): number[] {
  if (size <= count) return Array.from({ length: size }, (_, i) => i)
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * size) / count))
}

/** `Σ wᵢ yᵢ` with weights that tell the elements apart. */
function weightedSum(y: AnyTensor, seed: number): Tensor<DType> {
  const random = seededRandom(seed)
  const weights = Array.from({ length: y.size }, () => Math.round(random() * 12 - 6) / 4)
  return sum(mul(y, tensor<DType>(weights, { shape: y.shape, dtype: y.dtype })))
}
