import { cpu } from '@tensorweft/backend-cpu'
import * as core from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { weightedSum } from '../check-gradients.ts'
import { inputsOf, type OpCheck } from '../check-op.ts'
import { opSamples } from './op-samples.ts'
import { opChecks } from './ops.ts'
import { callSamples } from './samples/index.ts'

/** Functions of core that are no ops, by what they are instead. */
const notOps: Readonly<Record<string, readonly string[]>> = {
  'moves data to tensors and back': ['tensor', 'realize'],
  'transforms functions': [
    'compile',
    'customGradient',
    'grad',
    'gradients',
    'recompute',
    'valueAndGrad',
  ],
  'cares for memory': ['memory', 'tidy'],
  'checks options': ['checkOption', 'isPlainObject', 'settleOptions'],
  'defines ops': ['defineComposite', 'defineOp'],
  'replaces kernels': ['customFunction', 'registerKernel', 'unregisterKernel', 'wrongLanguage'],
  'transforms plans': [
    'attributeText',
    'contractionAsLoops',
    'indicesOfProgram',
    'mapProgram',
    'mapStores',
    'splitReductions',
  ],
  'looks into plans and values': [
    'debug',
    'explain',
    'printPlan',
    'profile',
    'programsOf',
    'storesOf',
    'writtenOperands',
  ],
  'chooses a backend': [
    'backendToUse',
    'currentBackend',
    'registerBackend',
    'registeredBackends',
    'setBackend',
    'setDefaultBackend',
    'withBackend',
  ],
  'makes keys, or bits that the cases of determinism check': ['key', 'randomBits', 'splitKey'],
  'computes with shapes, dtypes, trees': [
    'arithmeticOf',
    'broadcastShapes',
    'byteLengthOf',
    'castNumber',
    'checkShape',
    'createTypedArray',
    'float16Bits',
    'float16Value',
    'formatShape',
    'identityOf',
    'isFloat',
    'leavesOf',
    'mapTree',
    'normalizeAxes',
    'normalizeAxis',
    'sameShape',
    'sizeOf',
    'stridesOf',
    'valuesIn',
    'viewTypedArray',
  ],
}

/** Every function that core exports; classes begin with a capital letter. */
const functions = Object.entries(core).flatMap(([name, value]) =>
  typeof value === 'function' && /^[a-z]/.test(name) ? name : [],
)
const sampled = new Set<string>([...opSamples, ...callSamples].map(({ op }) => op))
const excepted = Object.values(notOps).flat()

/** Positions of the arguments of floats, and of those by which some slope is not 0. */
async function differentiableArguments(checks: readonly OpCheck[]) {
  const [given, seen] = [new Set<number>(), new Set<number>()]
  for (const check of checks) {
    const inputs = inputsOf(check, 'float64')
    for (const [number, x] of inputs.entries()) {
      if (!core.isFloat(x.dtype) || x.size === 0) continue
      given.add(number)
      const [slope] = core.gradients(weightedSum(check.apply(inputs), 1), [x])
      const values = await core.withBackend(backend, () => slope?.data() ?? [])
      if (values.some((value) => value !== 0)) seen.add(number)
    }
  }
  return { given, seen }
}

const backend = cpu()

const withGradients = [...opChecks].flatMap(([op, checks]) => {
  const own = checks.filter(({ hasGradient = true }) => hasGradient)
  return own.length === 0 ? [] : [[op, own] as const]
})

describe('the samples of ops', () => {
  test.each(withGradients)('show the gradient of %s by every argument', async (_, checks) => {
    const { given, seen } = await differentiableArguments(checks)
    expect(given.size).toBeGreaterThan(0)
    expect([...given].filter((number) => !seen.has(number))).toEqual([])
  })

  test('hold every function of core that is an op', () => {
    const known = new Set([...sampled, ...excepted])
    const missing = functions.filter((name) => !known.has(name))
    expect(missing, 'add a sample in conformance/cases/samples').toEqual([])
  })

  test('and the exceptions are functions of core without a sample', () => {
    expect(excepted.filter((name) => !functions.includes(name) || sampled.has(name))).toEqual([])
  })
})
