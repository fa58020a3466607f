import { cpu } from '@tensorweft/backend-cpu'
import { castNumber, type DType, type LoopKernel, type Step } from '@tensorweft/core'
import { affine, apply, load, PlanBuilder, Random, runPlan } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import { worstDifference } from '../testing/compare.testing.ts'
import { type ComputedDType, valueDTypes } from './value-type.ts'

const computed = valueDTypes.filter((dtype) => dtype !== 'float16')

type Apply = Extract<Step, { op: 'apply' }>
type Instruction = Apply['instruction']

const edges: Readonly<Record<ComputedDType, readonly number[]>> = {
  float32: [
    0,
    -0,
    1,
    -1,
    0.5,
    -2.5,
    3,
    1e-20,
    -7e9,
    3.4e38,
    -3.4e38,
    1.2e-38,
    2 ** 31,
    -(2 ** 31),
    255.5,
    -0.9,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ],
  int32: [0, 1, -1, 2, -2, 3, 7, -7, 100, 255, 256, -1000, 2 ** 31 - 1, -(2 ** 31), 46341],
  uint8: [0, 1, 2, 3, 7, 100, 127, 128, 200, 254, 255],
  bool: [0, 1],
}

const binary: Readonly<Record<ComputedDType, readonly Instruction[]>> = {
  float32: ['add', 'sub', 'mul', 'div', 'mod', 'max', 'min', 'lt', 'eq'],
  int32: ['add', 'sub', 'mul', 'idiv', 'mod', 'max', 'min', 'lt', 'eq', 'and', 'or', 'xor'],
  uint8: ['add', 'sub', 'mul', 'idiv', 'mod', 'max', 'min', 'lt', 'eq'],
  bool: ['max', 'min', 'lt', 'eq', 'and', 'or', 'xor'],
}

const line = affine([1])

/** A map over arrays of one length: loads them in order, then takes the given steps, all stored. */
function addMap(
  builder: PlanBuilder,
  inputs: readonly { readonly dtype: DType; readonly values: ArrayLike<number> }[],
  steps: readonly Step[],
): void {
  const size = inputs[0]?.values.length ?? 0
  const slots = inputs.map(({ dtype, values }) => ({ slot: builder.input(dtype, values), dtype }))
  const loads = inputs.map(({ dtype }, operand) => load(dtype, operand, line))
  const outputs = steps.map(({ dtype }) => ({ slot: builder.output(dtype, size), dtype }))
  const kernel: LoopKernel = {
    kind: 'map',
    label: 'instructions',
    axes: [size],
    outer: 1,
    operands: [...slots, ...outputs],
    stages: [
      {
        over: 'outer',
        program: [...loads, ...steps],
        reductions: [],
        stores: steps.map((_, k) => ({
          value: loads.length + k,
          operand: slots.length + k,
          index: line,
        })),
      },
    ],
  }
  builder.add(kernel)
}

const accuracy: Readonly<Partial<Record<Instruction, number>>> = {
  exp: 2,
  exp2: 2,
  expm1: 3,
  log: 3,
  log2: 3,
  log1p: 4,
  tanh: 5,
  sin: 2,
  cos: 2,
}

describeOnDevice('instructions', (backend) => {
  for (const dtype of computed) {
    test(`${dtype}: pairs of edge values as on cpu`, async () => {
      const values = edges[dtype]
      const left = values.flatMap((a) => values.map(() => a))
      const right = values.flatMap(() => values)
      const condition = left.map((_, k) => k % 2)
      const steps = binary[dtype].map((instruction) => {
        const isComparison = instruction === 'lt' || instruction === 'eq'
        return apply(isComparison ? 'bool' : dtype, instruction, 0, 1)
      })
      const casts = computed.map((to) => apply(to, 'cast', 0))
      const where = apply(dtype, 'where', 2, 0, 1)
      const builder = new PlanBuilder()
      const all = [...steps, ...casts, where]
      const given = [
        { dtype, values: left },
        { dtype, values: right },
        { dtype: 'bool' as const, values: condition },
      ]
      addMap(builder, given, all)
      const { plan, inputs, scalars } = builder.build()
      const wanted = await runPlan(cpu(), plan, inputs, scalars)
      const got = await runPlan(backend(), plan, inputs, scalars)
      all.forEach((step, k) => {
        const [g, w] = [got[k], wanted[k]]
        if (g === undefined || w === undefined) throw new Error('an output is missing')
        const { ulps, at, ...values } = worstDifference(g, w, step.dtype)
        const name = `${step.instruction} to ${step.dtype} of ${left[at]}, ${right[at]}`
        expect({ name, ...values, exact: ulps <= 0.5 }).toMatchObject({ exact: true })
      })
    })
  }

  test('what compilers would like to know beforehand is computed', async () => {
    const values = edges.float32
    const names = ['add', 'sub', 'mul', 'div', 'mod', 'max', 'min', 'lt', 'eq'] as const
    const constants = [0, -0, 1, Number.POSITIVE_INFINITY, Number.NaN]
    const builder = new PlanBuilder()
    const label: { text: string; dtype: DType }[] = []
    for (const name of names) {
      const steps: Step[] = constants.map((value) => ({ op: 'constant', dtype: 'float32', value }))
      for (const constant of constants) label.push({ text: `${constant}`, dtype: 'float32' })
      const dtype = name === 'lt' || name === 'eq' ? 'bool' : 'float32'
      const add = (a: number, b: number, text: string) => {
        steps.push(apply(dtype, name, a, b))
        label.push({ text, dtype })
      }
      constants.forEach((constant, k) => {
        add(0, k + 1, `x ${name} ${constant}`)
        add(k + 1, 0, `${constant} ${name} x`)
      })
      add(0, 0, `x ${name} x`)
      addMap(builder, [{ dtype: 'float32', values }], steps)
    }
    const { plan, inputs, scalars } = builder.build()
    const wanted = await runPlan(cpu(), plan, inputs, scalars)
    const got = await runPlan(backend(), plan, inputs, scalars)
    const wrong = label.flatMap(({ text, dtype }, k) => {
      const [g, w] = [got[k], wanted[k]]
      if (g === undefined || w === undefined) return ['an output is missing']
      const { ulps, at, ...rest } = worstDifference(g, w, dtype)
      return ulps <= 0.5 ? [] : [`${text} with x = ${values[at]}: ${JSON.stringify(rest)}`]
    })
    expect(wrong).toEqual([])
  })

  test('shifts and bitcasts', async () => {
    const random = new Random(1)
    const values = Array.from({ length: 200 }, () => random.integer(-(2 ** 31), 2 ** 31 - 1))
    const counts = values.map((_, k) => k % 32)
    const floats = values.map((value) => Math.fround(value / 1000))
    const builder = new PlanBuilder()
    const steps = [
      apply('int32', 'shl', 0, 1),
      apply('int32', 'shr', 0, 1),
      apply('int32', 'bitcast', 2),
      apply('float32', 'bitcast', 3 + 2),
    ]
    const given = [
      { dtype: 'int32' as const, values },
      { dtype: 'int32' as const, values: counts },
      { dtype: 'float32' as const, values: floats },
    ]
    addMap(builder, given, steps)
    const { plan, inputs, scalars } = builder.build()
    const wanted = await runPlan(cpu(), plan, inputs, scalars)
    expect(await runPlan(backend(), plan, inputs, scalars)).toEqual(wanted)
  })

  test('functions of one float stay within a few units in the last place', async () => {
    const random = new Random(2)
    const arguments_: number[] = [...edges.float32, 1e30, -1e30, 88.72, 88.73, -87.3, 2e-30]
    for (let k = 0; k < 20_000; k++) {
      const magnitude = 2 ** (random.uniform() * 20 - 12)
      arguments_.push(random.chance(0.5) ? magnitude : -magnitude)
      if (k % 8 === 0) arguments_.push(2 ** (random.uniform() * 250 - 125))
      // Near multiples of π/2 sine and cosine cancel.
      if (k % 8 === 1) arguments_.push(Math.round(random.uniform() * 50_000) * (Math.PI / 2))
      if (k % 8 === 2) arguments_.push(1 + (random.uniform() - 0.5) / 100)
    }
    const values = arguments_.map((value) => castNumber(value, 'float32'))
    const names: readonly Instruction[] = [
      'exp2',
      'log2',
      'sin',
      'sqrt',
      'floor',
      'trunc',
      'exp',
      'log',
      'log1p',
      'expm1',
      'tanh',
      'cos',
    ]
    const builder = new PlanBuilder()
    addMap(
      builder,
      [{ dtype: 'float32', values }],
      names.map((name) => apply('float32', name, 0)),
    )
    const { plan, inputs, scalars } = builder.build()
    const wanted = await runPlan(cpu(), plan, inputs, scalars)
    const got = await runPlan(backend(), plan, inputs, scalars)
    names.forEach((name, k) => {
      const [g, w] = [got[k], wanted[k]]
      if (g === undefined || w === undefined) throw new Error('an output is missing')
      const { ulps, at, ...rest } = worstDifference(g, w, 'float32')
      const text = `${name}(${values[at]})`
      expect({ text, ...rest, within: ulps <= (accuracy[name] ?? 0.5) }).toMatchObject({
        within: true,
      })
    })
  })
})
