import { cpu } from '@tensorweft/backend-cpu'
import * as core from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { opChecks } from '../conformance/cases/ops.ts'
import { inputsOf, type OpCheck } from '../conformance/check-op.ts'
import { type BadCall, callText } from './bad-call.testing.ts'
import { badCalls } from './index.testing.ts'

const functions: Readonly<Record<string, unknown>> = { ...core }

/** Calls a function of core with arguments that its types would not allow. */
function callAnyhow(name: string, args: readonly unknown[]): unknown {
  const fn = functions[name]
  if (typeof fn !== 'function') throw new Error(`core has no function ${name}`)
  return fn(...args)
}

/** What is thrown by the call itself, not later. */
function refusalOf(call: () => unknown): unknown {
  let result: unknown
  try {
    result = call()
  } catch (error) {
    return error
  }
  throw new Error(`the call was not refused; it gave ${String(result)}`)
}

/** A correct call: the first sample of the op, or a sum where it has none. */
async function usualResult(name: string): Promise<unknown> {
  const [check] = opChecks.get(name) ?? []
  const result = check?.apply(inputsOf(check, 'float32')) ?? core.tensor([1, 2]).add(1)
  return { shape: result.shape, values: [...(await result.data())] }
}

function expectRefusal(error: unknown, name: string, call: BadCall): void {
  expect(error).toBeInstanceOf(core.TensorweftError)
  if (!(error instanceof core.TensorweftError)) return
  expect(error).toBeInstanceOf(call.error)
  expect(error.op).toBe(name)
  expect(error.got).toBeTruthy()
  expect(error.wanted ?? error.hint).toBeTruthy()
  for (const words of [`${name}: `, ...call.says]) expect(error.message).toContain(words)
}

const entries = Object.entries(badCalls)
const ops = [...opChecks.keys()].filter((name) => name in core)

beforeAll(() => core.setBackend(cpu()))

test('every op of core has calls that it refuses', () => {
  expect(ops.length).toBeGreaterThan(100)
  const missing = ops.filter((name) => entries.every(([known]) => known !== name))
  expect(missing, 'add calls that it must refuse in bad-calls').toEqual([])
  expect(entries.filter(([, calls]) => calls.length === 0)).toEqual([])
})

describe.each(entries)('%s', (name, calls) => {
  const cases = calls.map((call) => ({ text: callText(name, call.args), call }))

  test.each(cases)('refuses $text', async ({ call }) => {
    const usual = await usualResult(name)
    expectRefusal(
      refusalOf(() => callAnyhow(name, call.args)),
      name,
      call,
    )
    expect(await usualResult(name)).toEqual(usual)
  })
})

/** Those that take only the shape and dtype of a tensor, which it has after its end too. */
const ofTypes = ['zerosLike', 'onesLike']

/** A sample in which the op does something: it does not give back what it got. */
function activeSample(name: string): OpCheck | undefined {
  return opChecks.get(name)?.find((check) => {
    const inputs = inputsOf(check, 'float32')
    return inputs.length > 0 && !inputs.includes(check.apply(inputs))
  })
}

const activeSamples = ops.flatMap((name) => {
  const check = ofTypes.includes(name) ? undefined : activeSample(name)
  return check === undefined ? [] : [[name, check] as const]
})

test.each(activeSamples)('%s refuses tensors that were disposed of', async (name, check) => {
  const usual = await usualResult(name)
  for (const i of check.inputs.keys()) {
    const inputs = inputsOf(check, 'float32')
    inputs[i]?.dispose()
    expect(() => check.apply(inputs)).toThrow(core.DisposedError)
    expect(() => check.apply(inputs)).toThrow('that was disposed')
  }
  expect(await usualResult(name)).toEqual(usual)
})

test.each(entries)('%s refuses the same inside compile and tidy', async (name, [call]) => {
  if (call === undefined) throw new Error('an op without calls that it refuses')
  const usual = await usualResult(name)
  const bad = () => callAnyhow(name, call.args) as core.Tensor
  for (const within of [() => core.compile(bad)(), () => core.tidy(bad)]) {
    const refusal = refusalOf(within)
    expectRefusal(refusal, name, call)
  }
  expect(await usualResult(name)).toEqual(usual)
  expect(
    await core
      .compile((x: core.Tensor) => x.add(1))(core.tensor([1]))
      .array(),
  ).toEqual([2])
})
