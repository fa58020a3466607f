import * as core from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { opSamples } from './op-samples.ts'
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
  'defines ops': ['defineComposite', 'defineOp'],
  'looks into plans and values': [
    'debug',
    'explain',
    'printPlan',
    'profile',
    'programsOf',
    'storesOf',
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
    'broadcastShapes',
    'byteLengthOf',
    'castNumber',
    'checkShape',
    'createTypedArray',
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
    'viewTypedArray',
  ],
}

/** Every function that core exports; classes begin with a capital letter. */
const functions = Object.entries(core).flatMap(([name, value]) =>
  typeof value === 'function' && /^[a-z]/.test(name) ? name : [],
)
const sampled = new Set<string>([...opSamples, ...callSamples].map(({ op }) => op))
const excepted = Object.values(notOps).flat()

describe('the samples of ops', () => {
  test('hold every function of core that is an op', () => {
    const known = new Set([...sampled, ...excepted])
    expect(functions.filter((name) => !known.has(name))).toEqual([])
  })

  test('and the exceptions are functions of core without a sample', () => {
    expect(excepted.filter((name) => !functions.includes(name) || sampled.has(name))).toEqual([])
  })
})
