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
import { seededRandom } from '../plans/random.ts'
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

/** The gradient by each argument; undefined for those that are no floats. */
type Slopes = readonly (TypedArray | undefined)[]

type ScalarFunctionOfTensors = (xs: readonly AnyTensor[]) => Tensor<DType>

/** Step of the differences, and how far they may be from the gradient, per dtype. */
const accuracy = {
  float32: { step: 2 ** -6, tolerance: 3e-4 },
  float64: { step: 2 ** -9, tolerance: 1e-8 },
} as const

/** In steps: where the function is evaluated around an element. */
const offsets = [-2, -1, 1, 2] as const

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
  const slopes = await checkOrder('gradient', scalar, args, backend, elements)
  // Without results there is nothing that slopes could show.
  if (f(args.map(tensorOf)).size > 0) checkNotSaturated(slopes)
  if (order === 1) return
  const slope: ScalarFunctionOfTensors = (xs) => {
    const slopes = gradients(scalar(xs), xs.filter(isDifferentiable))
    return slopes.map((dx, i) => weightedSum(dx, i + 2)).reduce((total, next) => total.add(next))
  }
  await checkOrder('second gradient', slope, args, backend, elements)
}

/** Compares the slopes of `f` with differences, and returns them by argument. */
async function checkOrder(
  what: string,
  f: ScalarFunctionOfTensors,
  args: readonly GradientArgument[],
  backend: Backend,
  elements: number,
): Promise<Slopes> {
  const xs = args.map(tensorOf)
  const places = placesOf(args, elements)
  const moved = places.flatMap((place) =>
    offsets.map((offset) => xs.with(place.number, tensorOf(movedArgument(place, offset)))),
  )
  const slopes = await slopesOf(f, xs, backend)
  const values = await valuesOf(f, moved, backend)
  for (const [i, { number, element, step, tolerance }] of places.entries()) {
    const [low2 = Number.NaN, low = Number.NaN, high = Number.NaN, high2 = Number.NaN] =
      values.slice(offsets.length * i)
    const wanted = (low2 - 8 * low + 8 * high - high2) / (12 * step)
    const got = slopes[number]?.[element] ?? Number.NaN
    const size = Math.max(1, Math.abs(wanted), Math.abs(high), Math.abs(low))
    if (Math.abs(got - wanted) <= tolerance * size) continue
    throw new ConformanceError(
      `${what} by argument ${number} at [${element}] is ${got}, differences give ${wanted}`,
    )
  }
  return slopes
}

/** An element by which the slope is compared with differences. */
interface Place {
  readonly argument: GradientArgument
  readonly number: number
  readonly element: number
  readonly step: number
  readonly tolerance: number
}

/** At most `elements` of each argument of floats. */
function placesOf(args: readonly GradientArgument[], elements: number): Place[] {
  return args.flatMap((argument, number) => {
    const { dtype, values } = argument
    // Differences of float16 say nothing.
    if (!isFloat(dtype) || dtype === 'float16') return []
    return someElements(values.length, elements).map((element) => {
      return { argument, number, element, ...accuracy[dtype] }
    })
  })
}

/** The argument with its element moved by some steps. */
function movedArgument({ argument, element, step }: Place, offset: number): GradientArgument {
  const values = argument.values.slice()
  values[element] = (values[element] ?? 0) + offset * step
  return { ...argument, values }
}

function slopesOf(
  f: ScalarFunctionOfTensors,
  xs: readonly AnyTensor[],
  backend: Backend,
): Promise<Slopes> {
  const run = compile((...args: AnyTensor[]) => gradients(f(args), args.filter(isDifferentiable)))
  return withBackend(backend, async () => {
    const slopes = await Promise.all(run(...xs).map((slope) => slope.data()))
    return xs.map((x) => (isDifferentiable(x) ? slopes.shift() : undefined))
  })
}

/**
 * `f` of each list of arguments. All calls are enqueued before the first result is read: on a
 * device it is the waiting that takes long.
 */
function valuesOf(
  f: ScalarFunctionOfTensors,
  inputs: readonly (readonly AnyTensor[])[],
  backend: Backend,
): Promise<number[]> {
  const run = compile((...args: AnyTensor[]) => f(args))
  return withBackend(backend, () => {
    const values = inputs.map((xs) => run(...xs))
    return Promise.all(values.map((value) => value.item()))
  })
}

/** Where all slopes are 0, differences are too, and agree with any gradient times 0. */
function checkNotSaturated(slopes: Slopes): void {
  const numbers = slopes.flatMap((slope) => [...(slope ?? [])])
  if (numbers.length === 0 || numbers.some((value) => value !== 0)) return
  throw new ConformanceError('every slope is 0: the sample is saturated and shows nothing')
}

function isDifferentiable(x: AnyTensor): boolean {
  return isFloat(x.dtype)
}

function tensorOf({ values, shape, dtype }: GradientArgument): AnyTensor {
  return tensor<DType>(values, { shape, dtype })
}

/** At most `count` positions, spread over all. */
function someElements(size: number, count: number): number[] {
  if (size <= count) return Array.from({ length: size }, (_, i) => i)
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * size) / count))
}

/** `Σ wᵢ yᵢ` with weights that tell the elements apart; none is 0, which would hide its element. */
export function weightedSum(y: AnyTensor, seed: number): Tensor<DType> {
  const random = seededRandom(seed)
  const weights = Array.from({ length: y.size }, () => {
    const quarters = Math.floor(random() * 12) - 6
    return (quarters < 0 ? quarters : quarters + 1) / 4
  })
  return sum(mul(y, tensor<DType>(weights, { shape: y.shape, dtype: y.dtype })))
}
