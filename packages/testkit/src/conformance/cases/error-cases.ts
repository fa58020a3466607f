import {
  type AnyTensor,
  type Backend,
  DisposedError,
  type DType,
  dtypes,
  type Shape,
  sizeOf,
  TensorweftError,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { describeMismatches } from '../../reference/compare.ts'
import { evaluateReference } from '../../reference/evaluate.ts'
import type { CaseDefinition } from '../case.ts'
import { checkOpForward, inputsOf } from '../check-op.ts'
import { check } from '../conformance-error.ts'
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
  /** Whether a result is read. */
  readonly isRead: boolean
}

/** Numbers that are no axis, no size and no count of most ops. */
const oddNumbers = [Number.NaN, 0.5, -99, 99]

/** Elements of a result that is read. */
const mostRead = 10_000

const samples: readonly CallSample[] = [
  ...callSamples,
  ...opSamples.map(({ args = [], hasGradient = true, ...rest }) => {
    return { ...rest, args, hasGradient }
  }),
]

/**
 * Ops that are called with other shapes, dtypes and attributes, or with a tensor that was disposed:
 * they take that and give what the reference gives, or throw a typed error at once; and then work
 * as if nothing had happened.
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

/**
 * Calls a function with everything that is odd, and then as one of the samples says. Every read is
 * a plan of its own, so only odd forms of the first sample that has several elements are read.
 */
export async function checkErrors(own: readonly CallSample[], backend: Backend): Promise<void> {
  const [first] = own
  const read = own.find(({ inputs }) => inputs.some(({ shape }) => sizeOf(shape) > 1)) ?? first
  for (const sample of own) await checkOddCalls(sample, backend, sample === read)
  if (first !== undefined) await checkOpForward(checkOfCall(first), backend)
}

async function checkOddCalls(sample: CallSample, backend: Backend, isRead: boolean): Promise<void> {
  const given = () => inputsOf(checkOfCall(sample), 'float32')
  for (const [number, input] of given().entries()) {
    await checkDisposed(sample, number, given(), backend)
    for (const other of oddTensors(input)) {
      const what = `argument ${number} ${other.dtype} [${other.shape.join(', ')}]`
      await checkOddCall({ what, sample, inputs: given().with(number, other), isRead }, backend)
    }
  }
  for (const dtype of dtypes) {
    const inputs = given().map(({ shape }) => zerosOf(shape, dtype))
    await checkOddCall({ what: `all arguments ${dtype}`, sample, inputs, isRead }, backend)
  }
  for (const args of oddArguments(sample.args)) {
    const what = `arguments ${args.map((arg) => JSON.stringify(arg)).join(', ')}`
    await checkOddCall({ what, sample: { ...sample, args }, inputs: given(), isRead }, backend)
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

async function checkOddCall(call: OddCall, backend: Backend): Promise<void> {
  const { what, sample, inputs } = call
  const name = `${sample.op}, ${what}`
  let result: AnyTensor
  try {
    result = applyCall(sample, inputs)
  } catch (error) {
    const isTyped = error instanceof TensorweftError && isCoreFunction(error.op)
    check(isTyped && error.got !== undefined, `${name}: ${told(error)}`)
    return
  }
  if (call.isRead) await checkTaken(name, result, inputs, backend)
}

/** What a call took has a value; a backend without the dtype and large results are left out. */
async function checkTaken(
  name: string,
  result: AnyTensor,
  inputs: readonly AnyTensor[],
  backend: Backend,
): Promise<void> {
  const { dtypes } = backend.capabilities
  if (result.size > mostRead || ![result, ...inputs].every(({ dtype }) => dtypes.includes(dtype))) {
    return
  }
  let mismatch: string | undefined
  try {
    const actual = await withBackend(backend, () => result.data())
    const [expected] = await evaluateReference([result])
    mismatch = expected && describeMismatches(actual, expected)
  } catch (error) {
    mismatch = `the read ${told(error)}`
  }
  check(mismatch === undefined, `${name}: ${mismatch}`)
}

function told(error: unknown): string {
  return error === undefined ? 'was taken' : `threw ${String(error)}`
}

/** Given as data: what is computed of constants may be known before any backend sees it. */
function zerosOf(shape: Shape, dtype: DType): AnyTensor {
  return tensor(new Uint8Array(sizeOf(shape)), { shape, dtype })
}

/** Tensors of another dtype, rank or size. */
function oddTensors({ shape, dtype }: AnyTensor): AnyTensor[] {
  const shapes: Shape[] = [
    shape.slice(1),
    [...shape, 2],
    ...shape.flatMap((size, axis) => [shape.with(axis, size + 1), shape.with(axis, 0)]),
  ]
  return [
    ...dtypes.filter((other) => other !== dtype).map((other) => zerosOf(shape, other)),
    ...shapes.map((other) => zerosOf(other, dtype)),
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
