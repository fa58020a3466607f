import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, type Kernel, programsOf, type Step } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { interpretPlan } from '../reference/plans/interpret-plan.ts'
import { outputDifferences } from './output-differences.ts'
import { PlanBuilder, type PlanCase } from './plan-builder.ts'
import { addRandomKernel, randomCase, randomKinds } from './random-case.ts'
import { runPlan } from './run-plan.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const count = isFull ? 3000 : 100
const timeout = isFull ? 600_000 : 120_000
const seeds = Array.from({ length: count }, (_, seed) => seed)

describe('random kernels mean on cpu what the contract says', { timeout }, () => {
  test.each(randomKinds)('%s', async (kind) => {
    const backend = cpu()
    for (const seed of seeds) {
      const { plan, inputs, scalars } = randomCase(kind, seed)
      const wanted = interpretPlan(plan, inputs, scalars)
      const got = await runPlan(backend, plan, inputs, scalars, 2)
      expect(outputDifferences(plan, got, wanted)).toEqual([])
    }
  })
})

function kernelsOf(cases: readonly PlanCase[]): Kernel[] {
  return cases.flatMap(({ plan }) => plan.kernels)
}

const all = randomKinds.flatMap((kind) => seeds.map((seed) => randomCase(kind, seed)))

test('all kinds of kernels, steps, instructions and combiners occur', () => {
  const kernels = kernelsOf(all)
  expect(new Set(kernels.map(({ kind }) => kind))).toEqual(
    new Set(['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter']),
  )
  const steps = kernels.flatMap((kernel): Step[] => programsOf(kernel).flat())
  const used = new Set(steps.flatMap((step) => (step.op === 'apply' ? step.instruction : step.op)))
  const ops = ['load', 'gather', 'constant', 'scalar', 'index', 'inside', 'reduced']
  const ofTwo = ['add', 'sub', 'mul', 'idiv', 'mod', 'max', 'min', 'and', 'or', 'xor', 'lt', 'eq']
  const others = ['floor', 'trunc', 'sqrt', 'cast', 'where']
  expect(used).toEqual(new Set([...ops, ...ofTwo, ...others]))
  const reductions = kernels.flatMap((kernel) => {
    return 'stages' in kernel ? kernel.stages.flatMap((stage) => stage.reductions) : []
  })
  const combined = new Set(reductions.map(({ combiner, dtype }) => `${combiner} ${dtype}`))
  expect(combined.size).toBe(4 * 4)
})

test('floats are integers, NaN or infinite, and not all alike', () => {
  const counts = { nan: 0, infinite: 0, integer: 0, zero: 0 }
  for (const { plan, inputs, scalars } of all.slice(0, 2 * count)) {
    for (const values of interpretPlan(plan, inputs, scalars)) {
      for (const value of values instanceof Float32Array ? values : []) {
        if (value === 0) counts.zero++
        else if (Number.isNaN(value)) counts.nan++
        else if (!Number.isFinite(value)) counts.infinite++
        else {
          expect(Math.abs(value) <= 2 ** 24 && Number.isInteger(value)).toBe(true)
          counts.integer++
        }
      }
    }
  }
  for (const part of [counts.nan, counts.infinite, counts.zero]) expect(part).toBeGreaterThan(0)
  expect(counts.integer).toBeGreaterThan(counts.zero)
})

test('specials can be left out', () => {
  for (const kind of ['sum of products', 'contract', 'scatter'] as const) {
    for (const seed of seeds) {
      const { plan, inputs, scalars } = randomCase(kind, seed, { specials: false })
      const results = interpretPlan(plan, inputs, scalars)
      expect(results.every((values) => values.every(Number.isFinite))).toBe(true)
    }
  }
})

test('dtypes can be chosen; float16 is for arrays alone', () => {
  const dtypesOf = (cases: readonly PlanCase[]) =>
    new Set(cases.flatMap(({ plan }) => plan.slots.map(({ dtype }) => dtype)))
  const floats = seeds.map((seed) => randomCase('loops', seed, { dtypes: ['float32'] }))
  // Places that are gathered from are int32 in any case.
  expect(dtypesOf(floats)).toEqual(new Set(['float32', 'int32']))
  const halves = seeds.map((seed) => randomCase('loops', seed, { dtypes: ['float32', 'float16'] }))
  expect(dtypesOf(halves)).toEqual(new Set(['float32', 'float16', 'int32']))
  const steps = kernelsOf(halves).flatMap((kernel): Step[] => programsOf(kernel).flat())
  const ofHalves = steps.filter(({ dtype }) => dtype === 'float16')
  const known = ofHalves.every((step) =>
    step.op === 'apply' ? step.instruction === 'cast' : step.op === 'load' || step.op === 'gather',
  )
  expect(known).toBe(true)
  for (const { plan, inputs, scalars } of halves) interpretPlan(plan, inputs, scalars)
  expect(() => randomCase('contract', 1, { dtypes: ['bool'] })).toThrow(ArgumentError)
})

test('the same seed gives the same, alone and in a plan with others', async () => {
  const builder = new PlanBuilder()
  for (const kind of randomKinds) addRandomKernel(builder, kind, 5)
  const { plan, inputs, scalars } = builder.build()
  const together = await runPlan(cpu(), plan, inputs, scalars)
  const alone = randomKinds.flatMap((kind) => {
    const one = randomCase(kind, 5)
    return interpretPlan(one.plan, one.inputs, one.scalars)
  })
  expect(outputDifferences(plan, together, alone)).toEqual([])
})
