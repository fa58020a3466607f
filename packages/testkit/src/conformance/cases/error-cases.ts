import {
  type AnyTensor,
  type Backend,
  DisposedError,
  type DType,
  dtypes,
  type Shape,
  TensorweftError,
  withBackend,
  zeros,
} from '@tensorweft/core'
import { describeMismatches } from '../../reference/compare.ts'
import { evaluateReference } from '../../reference/evaluate.ts'
import type { CaseDefinition } from '../case.ts'
import { checkOpForward, inputsOf } from '../check-op.ts'
import { ConformanceError, check } from '../conformance-error.ts'
import { opSamples } from './op-samples.ts'
import {
  applyCall,
  type CallSample,
  checkOfCall,
  isCoreFunction,
  type PlainArgument,
} from './samples/call-sample.ts'
import { callSamples } from './samples/index.ts'

/** A call in which one thing is not as in the sample. Some ops take some of them. */
interface OddCall {
  readonly what: string
  readonly sample: CallSample
  readonly inputs: readonly AnyTensor[]
}

/** Numbers that are no axis, no size and no count of most ops. */
const oddNumbers = [Number.NaN, 0.5, -99, 99]

const samples: readonly CallSample[] = [
  ...callSamples,
  ...opSamples.map(({ args = [], hasGradient = true, ...rest }) => {
    return { ...rest, args, hasGradient }
  }),
]

/**
 * Ops that are called with other shapes, dtypes and attributes, or with a tensor that was disposed:
 * they take that, or throw a typed error at once; and then work as if nothing had happened.
 */
export const errorCases: readonly CaseDefinition[] = [...new Set(samples.map(({ op }) => op))].map(
  (op) => ({
    name: `errors: ${op}`,
    body: ({ backend }) =>
      checkErrors(
        samples.filter((sample) => sample.op === op),
        backend,
      ),
  }),
)

/** Calls a function with everything that is odd, and then as one of the samples says. */
export async function checkErrors(own: readonly CallSample[], backend: Backend): Promise<void> {
  for (const sample of own) await checkOddCalls(sample, backend)
  const [first] = own
  if (first !== undefined) await checkOpForward(checkOfCall(first), backend)
}

async function checkOddCalls(sample: CallSample, backend: Backend): Promise<void> {
  const given = () => inputsOf(checkOfCall(sample), 'float32')
  for (const [number, input] of given().entries()) {
    await checkDisposed(sample, number, given(), backend)
    for (const other of oddTensors(input)) {
      const what = `argument ${number} ${other.dtype} [${other.shape.join(', ')}]`
      checkTyped({ what, sample, inputs: given().with(number, other) })
    }
  }
  for (const args of oddArguments(sample.args)) {
    const what = `arguments ${args.map((arg) => JSON.stringify(arg)).join(', ')}`
    checkTyped({ what, sample: { ...sample, args }, inputs: given() })
  }
}

/** Refused by the call; where that did not look at the tensor, by a read that needs its value. */
async function checkDisposed(
  sample: CallSample,
  number: number,
  inputs: readonly AnyTensor[],
  backend: Backend,
): Promise<void> {
  inputs[number]?.dispose()
  let error: unknown
  try {
    const result = applyCall(sample, inputs)
    const actual = await withBackend(backend, () => result.data())
    const [expected] = await evaluateReference([result])
    if (expected !== undefined && describeMismatches(actual, expected) === undefined) return
  } catch (thrown) {
    error = thrown
  }
  check(error instanceof DisposedError, `${sample.op}, argument ${number} disposed: ${told(error)}`)
}

function checkTyped(call: OddCall): void {
  const error = errorOf(call)
  if (error === undefined) return
  const isTyped = error instanceof TensorweftError && isCoreFunction(error.op)
  if (isTyped && error.got !== undefined) return
  throw new ConformanceError(`${call.sample.op}, ${call.what}: ${told(error)}`)
}

function errorOf({ sample, inputs }: OddCall): unknown {
  try {
    applyCall(sample, inputs)
    return undefined
  } catch (error) {
    return error
  }
}

function told(error: unknown): string {
  return error === undefined ? 'was taken' : `threw ${String(error)}`
}

/** Tensors of another dtype, rank or size. */
function oddTensors({ shape, dtype }: AnyTensor): AnyTensor[] {
  const shapes: Shape[] = [
    shape.slice(1),
    [...shape, 2],
    ...shape.flatMap((size, axis) => [shape.with(axis, size + 1), shape.with(axis, 0)]),
  ]
  return [
    ...dtypes.filter((other) => other !== dtype).map((other) => zeros<DType>(shape, other)),
    ...shapes.map((other) => zeros<DType>(other, dtype)),
  ]
}

/** The arguments with one number or word replaced. */
function oddArguments(args: readonly PlainArgument[]): PlainArgument[][] {
  return args.flatMap((arg, i) => oddOf(arg).map((odd) => args.with(i, odd)))
}

function oddOf(arg: PlainArgument): PlainArgument[] {
  if (typeof arg === 'number') return oddNumbers
  if (typeof arg === 'string') return ['nonsense']
  if (typeof arg !== 'object' || arg === null) return []
  if (isList(arg)) return oddArguments(arg)
  return Object.entries(arg).flatMap(([name, value]) =>
    oddOf(value).map((odd) => ({ ...arg, [name]: odd })),
  )
}

function isList(arg: object): arg is readonly PlainArgument[] {
  return Array.isArray(arg)
}
