import {
  type ArithmeticDType,
  type ArraySpec,
  BackendError,
  type IndexData,
  type Instruction,
  type LoopKernel,
  type Plan,
  type RangeData,
  type ScalarFunction,
  type Step,
  type TypedArray,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { cpu } from '../index.ts'
import { applyNaively, runNaively } from '../naive.testing.ts'
import { apply, index, load, operandsOf, planOf, Random, runOnCpu } from '../plans.testing.ts'

/** A map of `axes` that stores the last value of a program in row-major order. */
function mapPlan(
  axes: readonly number[],
  program: readonly Step[],
  inputs: readonly ArraySpec[],
  scalars: readonly ArithmeticDType[] = [],
): Plan {
  const dtype = program.at(-1)?.dtype ?? 'float32'
  const strides = axes.map((_, axis) => axes.slice(axis + 1).reduce((product, n) => product * n, 1))
  const output = { dtype, size: axes.reduce((product, n) => product * n, 1) }
  const operands = operandsOf(...inputs, output)
  const stores = [{ value: program.length - 1, operand: inputs.length, index: index(0, strides) }]
  const stages = [{ over: 'outer' as const, program, reductions: [], stores }]
  const kernel: LoopKernel = {
    kind: 'map',
    label: 'map',
    axes,
    outer: axes.length,
    operands,
    stages,
  }
  return planOf([kernel], inputs, [output], scalars)
}

async function evaluate(
  axes: readonly number[],
  program: readonly Step[],
  inputs: readonly (readonly [ArithmeticDType, TypedArray])[] = [],
): Promise<number[]> {
  const specs = inputs.map(([dtype, { length }]) => ({ dtype, size: length }))
  const arrays = inputs.map(([, array]) => array)
  const [got] = await runOnCpu(mapPlan(axes, program, specs), arrays)
  return Array.from(got ?? [])
}

const floats = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3,
  -7.25,
  1e-40,
  1e10,
  -3e9,
  127.9,
  255.5,
  256,
  3e38,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
]
const samples: Readonly<Record<ArithmeticDType, TypedArray>> = {
  float32: Float32Array.from(floats),
  float64: Float64Array.from([...floats, 1e300, 2 ** 53, -1e-320]),
  int32: Int32Array.of(
    0,
    1,
    -1,
    2,
    3,
    -3,
    7,
    -7,
    31,
    255,
    256,
    -257,
    65537,
    2147483647,
    -2147483648,
  ),
  uint8: Uint8Array.of(0, 1, 2, 3, 7, 16, 127, 128, 200, 255),
  bool: Uint8Array.of(0, 1),
}

/** All combinations of the samples of some dtypes, one array for each argument. */
function combinations(dtypes: readonly ArithmeticDType[]): TypedArray[] {
  const lengths = dtypes.map((dtype) => samples[dtype].length)
  const total = lengths.reduce((product, n) => product * n, 1)
  let inner = total
  return dtypes.map((dtype, k) => {
    inner /= lengths[k] ?? 1
    const array = samples[dtype].constructor === Float64Array ? new Float64Array(total) : undefined
    const step = inner
    const pick = (p: number) => samples[dtype][Math.floor(p / step) % samples[dtype].length] ?? 0
    if (array !== undefined) return array.map((_, p) => pick(p))
    const values = Array.from({ length: total }, (_, p) => pick(p))
    if (dtype === 'float32') return Float32Array.from(values)
    return dtype === 'int32' ? Int32Array.from(values) : Uint8Array.from(values)
  })
}

interface Signature {
  readonly instruction: Instruction | ScalarFunction
  readonly args: readonly ArithmeticDType[]
  readonly dtype: ArithmeticDType
}

const numbers = ['float32', 'float64', 'int32', 'uint8'] as const
const everything = [...numbers, 'bool'] as const
const of = (
  instructions: readonly Signature['instruction'][],
  dtypes: readonly ArithmeticDType[],
  count: number,
) =>
  instructions.flatMap((instruction) =>
    dtypes.map((dtype): Signature => {
      return { instruction, args: new Array<ArithmeticDType>(count).fill(dtype), dtype }
    }),
  )

const signatures: readonly Signature[] = [
  ...of(['add', 'sub', 'mul', 'mod'], numbers, 2),
  ...of(['max', 'min'], everything, 2),
  ...of(['div'], ['float32', 'float64'], 2),
  ...of(['idiv'], ['int32', 'uint8'], 2),
  ...of(['and', 'or', 'xor'], ['int32', 'bool'], 2),
  ...of(['sqrt', 'floor', 'trunc', 'exp2', 'log2', 'sin'], ['float32', 'float64'], 1),
  ...of(['exp', 'log', 'log1p', 'expm1', 'tanh', 'cos'], ['float32', 'float64'], 1),
  ...of(['lt', 'eq'], everything, 2).map((signature) => ({ ...signature, dtype: 'bool' as const })),
  ...everything.map((dtype): Signature => {
    return { instruction: 'where', args: ['bool', dtype, dtype], dtype }
  }),
  ...everything.flatMap((from) =>
    everything.map((dtype): Signature => ({ instruction: 'cast', args: [from], dtype })),
  ),
  { instruction: 'bitcast', args: ['float32'], dtype: 'int32' },
  { instruction: 'bitcast', args: ['int32'], dtype: 'float32' },
]

describe('instructions agree with their definitions', () => {
  for (const { instruction, args, dtype } of signatures) {
    test(`${instruction}(${args.join(', ')}) → ${dtype}`, async () => {
      const arrays = combinations(args)
      const size = arrays[0]?.length ?? 0
      const step = { op: 'apply', dtype, instruction, args: args.map((_, k) => k) } as const
      const program = [...args.map((arg, k) => load(arg, k, [1])), step]
      const got = await evaluate(
        [size],
        program,
        args.map((arg, k) => [arg, arrays[k] ?? samples[arg]]),
      )
      for (let p = 0; p < size; p++) {
        const values = arrays.map((array) => array[p] ?? 0)
        const wanted = applyNaively(step, args, values)
        const isEqual = got[p] === wanted || Object.is(got[p], wanted)
        expect(isEqual, `${values} gives ${got[p]}, not ${wanted}`).toBe(true)
      }
    })
  }

  test('float modulo has the sign of the divisor', async () => {
    const a = Float32Array.of(5, -5, 5, -5, 6, -6)
    const b = Float32Array.of(3, 3, -3, -3, 3, 3)
    const program = [
      load('float32', 0, [1]),
      load('float32', 1, [1]),
      apply('float32', 'mod', 0, 1),
    ]
    const got = await evaluate([6], program, [
      ['float32', a],
      ['float32', b],
    ])
    expect(got).toEqual([2, 1, -1, -2, 0, 0])
  })

  test('shifts', async () => {
    const counts = Int32Array.of(0, 1, 5, 31)
    for (const [instruction, wanted] of [
      ['shl', [-5, -10, -160, -2147483648]],
      ['shr', [-5, 2147483645, 134217727, 1]],
    ] as const) {
      const program: Step[] = [
        { op: 'constant', dtype: 'int32', value: -5 },
        load('int32', 0, [1]),
        apply('int32', instruction, 0, 1),
      ]
      expect(await evaluate([4], program, [['int32', counts]])).toEqual(wanted)
    }
  })

  test('float32 arithmetic rounds after every instruction', async () => {
    const x = new Random(3).array('float32', 500)
    const program = [
      load('float32', 0, [1]),
      apply('float32', 'mul', 0, 0),
      apply('float32', 'div', 1, 0),
      apply('float32', 'sub', 2, 0),
    ]
    const wanted = Array.from(x, (value) => {
      return Math.fround(Math.fround(Math.fround(value * value) / value) - value)
    })
    expect(await evaluate([500], program, [['float32', x]])).toEqual(wanted)
  })
})

describe('indices, ranges and loads', () => {
  const axes = [7, 9, 40]
  const data = new Random(8).array('float32', 7 * 9 * 40)
  const check = async (program: readonly Step[]) => {
    const specs = [{ dtype: 'float32' as const, size: data.length }]
    const [wanted] = runNaively(mapPlan(axes, program, specs), [data])
    expect(await evaluate(axes, program, [['float32', data]])).toEqual(Array.from(wanted ?? []))
  }
  const digit = (of: IndexData, divisor: number, modulus: number, coefficient: number): IndexData =>
    index(0, [], [{ of, divisor, modulus, coefficient }])

  test('an index with floor semantics', async () => {
    await check([{ op: 'index', dtype: 'int32', index: index(-3, [100, -7, 2]) }])
    await check([{ op: 'index', dtype: 'int32', index: digit(index(-30, [0, 1, 1]), 4, 3, 5) }])
    await check([{ op: 'index', dtype: 'int32', index: digit(index(-30, [3, 1, -1]), 7, 0, -2) }])
    const nested = digit(digit(index(-9, [1, 0, 1]), 5, 0, 1), 2, 3, 1)
    await check([{ op: 'index', dtype: 'int32', index: nested }])
  })

  test('ranges, from all sides', async () => {
    const ranges: readonly (readonly RangeData[])[] = [
      [{ index: index(0, [0, 0, 1]), low: 5, high: 33 }],
      [{ index: index(3, [0, 0, -2]), low: -50, high: -9 }],
      [{ index: index(0, [1, 0, 0]), low: 2, high: 5 }],
      [
        { index: index(-8, [1, -1, 1]), low: 0, high: 20 },
        { index: index(0, [0, 3, 1]), low: 7, high: 50 },
      ],
      [{ index: digit(index(0, [0, 0, 1]), 3, 5, 1), low: 1, high: 4 }],
      [{ index: index(0, []), low: 1, high: 2 }],
      [],
    ]
    for (const within of ranges) {
      await check([{ op: 'inside', dtype: 'bool', within }])
      await check([load('float32', 0, [360, 40, 1], 0, within)])
      await check([
        load('float32', 0, [360, 0, 1], 0, within),
        load('float32', 0, [9, 1, 63]),
        apply('float32', 'add', 0, 1),
      ])
    }
  })

  test('addresses outside the operand are not touched where a range fails', async () => {
    const shifted = index(-50, [360, 40, 1])
    await check([load('float32', 0, [360, 40, 1], -50, [{ index: shifted, low: 0, high: 2520 }])])
    const stretched = index(-50, [700, 40, 3])
    await check([load('float32', 0, [700, 40, 3], -50, [{ index: stretched, low: 0, high: 2520 }])])
  })

  test('loads in every order, repeated, reversed, and through digits', async () => {
    for (const strides of [
      [360, 40, 1],
      [1, 7, 63],
      [40, 280, 1],
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]) {
      await check([load('float32', 0, strides)])
      const reversed = strides.map((stride) => -stride)
      await check([load('float32', 0, reversed, 2519)])
    }
    const permuted = index(
      0,
      [],
      [
        { of: index(0, [360, 40, 1]), divisor: 1, modulus: 60, coefficient: 42 },
        { of: index(0, [360, 40, 1]), divisor: 60, modulus: 0, coefficient: 1 },
      ],
    )
    await check([{ op: 'load', dtype: 'float32', operand: 0, index: permuted, within: [] }])
  })

  test('a bitcast of a load in place, and back', async () => {
    await check([
      load('float32', 0, [360, 40, 1]),
      apply('int32', 'bitcast', 0),
      { op: 'constant', dtype: 'int32', value: 0x7fffffff },
      apply('int32', 'and', 1, 2),
      apply('float32', 'bitcast', 3),
      apply('float32', 'add', 4, 0),
    ])
  })

  test('a bitcast whose argument is done with keeps its register', async () => {
    await check([
      load('float32', 0, [1, 7, 63]),
      apply('float32', 'mul', 0, 0),
      apply('int32', 'bitcast', 1),
      load('float32', 0, [1, 7, 63]),
      apply('float32', 'add', 3, 3),
      apply('float32', 'mul', 4, 3),
      apply('int32', 'cast', 5),
      apply('int32', 'add', 6, 2),
    ])
  })

  test('many values that live at the same time', async () => {
    const program: Step[] = Array.from({ length: 12 }, (_, k) =>
      load('float32', 0, [360, 40, 1], -k, [
        { index: index(-k, [360, 40, 1]), low: 0, high: 2520 },
      ]),
    )
    for (let k = 0; k < 12; k++) program.push(apply('float32', 'mul', k, 11 - k))
    for (let k = 12; k < 24; k++) program.push(apply('float32', 'sub', program.length - 1, k))
    await check(program)
  })
})

test('scalars are given with each run', async () => {
  const program: Step[] = [
    { op: 'scalar', dtype: 'float32', scalar: 0 },
    { op: 'scalar', dtype: 'int32', scalar: 1 },
    apply('float32', 'cast', 1),
    apply('float32', 'add', 0, 2),
  ]
  const plan = mapPlan([3], program, [], ['float32', 'int32'])
  const [first] = await runOnCpu(plan, [], [0.1, 3])
  const [second] = await runOnCpu(plan, [], [-2, 1e12])
  expect(Array.from(first ?? [])).toEqual(new Array(3).fill(Math.fround(Math.fround(0.1) + 3)))
  expect(Array.from(second ?? [])).toEqual(new Array(3).fill(Math.fround(2147483647 - 2)))
})

describe('programs that make no sense are refused', () => {
  const input = [{ dtype: 'float32' as const, size: 4 }]
  const programs: Readonly<Record<string, readonly Step[]>> = {
    'mixed dtypes': [
      load('float32', 0, [1]),
      { op: 'constant', dtype: 'int32', value: 1 },
      apply('float32', 'add', 0, 1),
    ],
    'an instruction that the dtype lacks': [
      { op: 'constant', dtype: 'bool', value: 1 },
      apply('bool', 'add', 0, 0),
    ],
    'too few arguments': [load('float32', 0, [1]), apply('float32', 'add', 0)],
    'a result of another dtype': [load('float32', 0, [1]), apply('float32', 'lt', 0, 0)],
    'a bitcast that changes the size': [load('float32', 0, [1]), apply('uint8', 'bitcast', 0)],
    'an operand of another dtype': [load('int32', 0, [1])],
    'an operand that is not there': [load('float32', 7, [1])],
    'an axis that is not there': [load('float32', 0, [0, 1])],
    'a reduction that is not there': [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
  }
  for (const [name, program] of Object.entries(programs)) {
    test(name, () => {
      expect(() => cpu().compile(mapPlan([4], program, input))).toThrow(BackendError)
    })
  }
})
