import {
  BackendError,
  type ContractKernel,
  createTypedArray,
  type DType,
  type Plan,
  type Step,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { cpu } from '../index.ts'
import { runNaively } from '../naive.testing.ts'
import {
  apply,
  bytesOf,
  index,
  load,
  operandsOf,
  planOf,
  Random,
  runOnCpu,
} from '../plans.testing.ts'
import { KernelBuilder } from '../random-kernels.testing.ts'

const reducedSum = (dtype: DType): Step => ({ op: 'reduced', dtype, reduction: 0 })

/** float32 sums are carried in doubles, so only their last rounding may differ. */
const tolerances: Readonly<Record<string, number>> = { float32: 2 ** -23, float64: 2 ** -44 }

function expectClose(got: TypedArray | undefined, wanted: TypedArray, dtype: DType): void {
  expect(got?.length).toBe(wanted.length)
  let scale = 1
  for (const value of wanted) scale = Math.max(scale, Math.abs(value))
  const limit = scale * (tolerances[dtype] ?? 0)
  let worst = 0
  wanted.forEach((value: number, k: number) => {
    worst = Math.max(worst, Math.abs(value - (got?.[k] ?? Number.NaN)))
  })
  expect(worst).toBeLessThanOrEqual(limit)
}

/** Compares with a point-by-point evaluation, after two runs on the same buffers. */
async function check(plan: Plan, inputs: readonly TypedArray[], scalars: readonly number[] = []) {
  const wanted = runNaively(plan, inputs, scalars)
  const got = await runOnCpu(plan, inputs, scalars, 2)
  wanted.forEach((array, k) => {
    expectClose(got[k], array, plan.outputs[k]?.dtype ?? 'float32')
  })
}

type Extents = readonly [batch: number, m: number, n: number, k: number]

interface Operands {
  /** Strides of the left operand over batch, m and k. */
  readonly left: readonly [number, number, number]
  /** Strides of the right operand over batch, n and k. */
  readonly right: readonly [number, number, number]
}

function product(dtype: DType, [batch, m, n, k]: Extents, { left, right }: Operands): Plan {
  const spec = (size: number) => ({ dtype, size })
  const specs = [spec(batch * m * k), spec(batch * n * k), spec(batch * m * n)] as const
  const kernel: ContractKernel = {
    kind: 'contract',
    label: 'matmul',
    axes: [batch, m, n, k],
    operands: operandsOf(...specs),
    batch: [0],
    m: [1],
    n: [2],
    k: [3],
    left: { program: [load(dtype, 0, [left[0], left[1], 0, left[2]])] },
    right: { program: [load(dtype, 1, [right[0], 0, right[1], right[2]])] },
    epilogue: [reducedSum(dtype)],
    stores: [{ value: 0, operand: 2, index: index(0, [m * n, n, 1, 0]) }],
  }
  return planOf([kernel], [specs[0], specs[1]], [specs[2]])
}

/** The product of two operands, one element after the other. */
function multiply(
  dtype: DType,
  [batch, m, n, k]: Extents,
  { left, right }: Operands,
  [a, b]: readonly [TypedArray, TypedArray],
): TypedArray {
  const out = createTypedArray<DType>(dtype, batch * m * n)
  for (let p = 0; p < batch; p++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let q = 0; q < k; q++) {
          const x = a[p * left[0] + i * left[1] + q * left[2]] ?? Number.NaN
          const y = b[p * right[0] + j * right[1] + q * right[2]] ?? Number.NaN
          sum = dtype === 'int32' ? (sum + Math.imul(x, y)) | 0 : sum + x * y
        }
        out[(p * m + i) * n + j] = sum
      }
    }
  }
  return out
}

const shapes: readonly Extents[] = [
  [1, 1, 1, 1],
  [1, 4, 3, 8],
  [1, 5, 7, 3],
  [1, 131, 5, 321],
  [1, 3, 259, 640],
  [3, 13, 11, 17],
  [2, 100, 10, 256],
  [1, 257, 261, 33],
  [1, 1, 300, 9],
  [1, 300, 1, 9],
  [1, 0, 3, 4],
  [1, 3, 0, 4],
  [0, 3, 3, 4],
  [2, 5, 6, 0],
]

describe('matmul', () => {
  for (const extents of shapes) {
    const [, m, n, k] = extents
    const layouts: Readonly<Record<string, Operands>> = {
      'a · bᵀ': { left: [m * k, k, 1], right: [n * k, k, 1] },
      'a · b': { left: [m * k, k, 1], right: [n * k, 1, n] },
      'aᵀ · bᵀ': { left: [m * k, 1, m], right: [n * k, k, 1] },
      'aᵀ · b': { left: [m * k, 1, m], right: [n * k, 1, n] },
      'a · b, one b for all': { left: [m * k, k, 1], right: [0, 1, n] },
    }
    for (const [name, operands] of Object.entries(layouts)) {
      test(`${name} of [batch, m, n, k] = [${extents}]`, async () => {
        const random = new Random(m + 1000 * n)
        for (const dtype of ['float32', 'float64', 'int32'] as const) {
          const plan = product(dtype, extents, operands)
          const [a, b] = plan.inputs.map(({ size }) => random.array(dtype, size))
          if (a === undefined || b === undefined) throw new Error('a product has two inputs')
          const [got] = await runOnCpu(plan, [a, b])
          expectClose(got, multiply(dtype, extents, operands, [a, b]), dtype)
        }
      })
    }
  }

  test('gives the same bits in every run', async () => {
    const extents: Extents = [1, 130, 300, 700]
    const plan = product('float32', extents, { left: [0, 700, 1], right: [0, 1, 300] })
    const random = new Random(5)
    const inputs = plan.inputs.map(({ size }) => random.array('float32', size))
    expect(await runOnCpu(plan, inputs)).toEqual(await runOnCpu(plan, inputs, [], 3))
  })

  test('packs other inputs anew in the next run', async () => {
    const extents: Extents = [1, 5, 4, 6]
    const operands: Operands = { left: [0, 6, 1], right: [0, 1, 4] }
    const plan = product('float32', extents, operands)
    const backend = cpu()
    const executable = backend.compile(plan)
    const viewOf = (byteLength: number) => {
      return { buffer: backend.allocate(byteLength), byteOffset: 0, byteLength }
    }
    const [a, b, out] = [viewOf(120), viewOf(96), viewOf(80)]
    for (let seed = 0; seed < 3; seed++) {
      const random = new Random(seed)
      const inputs = [random.array('float32', 30), random.array('float32', 24)] as const
      backend.write(a.buffer, bytesOf(inputs[0]))
      backend.write(b.buffer, bytesOf(inputs[1]))
      executable.run([a, b], [out], [])
      const bytes = await backend.read(out.buffer)
      const got = viewTypedArray('float32', bytes.buffer, bytes.byteOffset, 20)
      expectClose(got, multiply('float32', extents, operands, inputs), 'float32')
    }
  })

  test('uint8 products wrap', async () => {
    const plan = product('uint8', [1, 2, 1, 2], { left: [0, 2, 1], right: [0, 2, 1] })
    const [got] = await runOnCpu(plan, [Uint8Array.of(200, 3, 1, 2), Uint8Array.of(2, 5)])
    expect(Array.from(got ?? [])).toEqual([(400 + 15) % 256, 12])
  })

  test('bools are refused', () => {
    const plan = product('bool', [1, 2, 2, 2], { left: [0, 2, 1], right: [0, 2, 1] })
    expect(() => cpu().compile(plan)).toThrow(BackendError)
  })
})

describe('fused programs', () => {
  const [m, n, k] = [70, 40, 90]
  const spec = (size: number) => ({ dtype: 'float32' as const, size })
  const zero: Step = { op: 'constant', dtype: 'float32', value: 0 }

  test('a mask in the pack, a bias and a ReLU in the epilogue', async () => {
    // left = where(y > 0, dy, 0), both [k, m] and so transposed; right [k, n]; bias [n].
    const inputs = [spec(k * m), spec(k * m), spec(k * n), spec(n)]
    const kernel: ContractKernel = {
      kind: 'contract',
      label: 'masked',
      axes: [m, n, k],
      operands: operandsOf(...inputs, spec(m * n), spec(m * n)),
      batch: [],
      m: [0],
      n: [1],
      k: [2],
      left: {
        program: [
          load('float32', 0, [1, 0, m]),
          load('float32', 1, [1, 0, m]),
          zero,
          apply('bool', 'lt', 2, 0),
          apply('float32', 'where', 3, 1, 2),
        ],
      },
      right: { program: [load('float32', 2, [0, 1, n])] },
      epilogue: [
        reducedSum('float32'),
        load('float32', 3, [0, 1]),
        apply('float32', 'add', 0, 1),
        zero,
        apply('float32', 'max', 2, 3),
      ],
      stores: [
        { value: 4, operand: 4, index: index(0, [n, 1]) },
        { value: 2, operand: 5, index: index(0, [1, m]) },
      ],
    }
    const random = new Random(1)
    const arrays = inputs.map(({ size }) => random.array('float32', size))
    await check(planOf([kernel], inputs, [spec(m * n), spec(m * n)]), arrays)
  })

  test('an update in place: w ← w − rate · xᵀ · dy', async () => {
    const kernel: ContractKernel = {
      kind: 'contract',
      label: 'update',
      axes: [m, n, k],
      operands: operandsOf(spec(k * m), spec(k * n), spec(m * n), spec(m * n)),
      batch: [],
      m: [0],
      n: [1],
      k: [2],
      left: { program: [load('float32', 0, [1, 0, m])] },
      right: { program: [load('float32', 1, [0, 1, n])] },
      epilogue: [
        reducedSum('float32'),
        { op: 'scalar', dtype: 'float32', scalar: 0 },
        apply('float32', 'mul', 0, 1),
        load('float32', 2, [n, 1]),
        apply('float32', 'sub', 3, 2),
      ],
      stores: [{ value: 4, operand: 3, index: index(0, [n, 1]) }],
    }
    const inputs = [spec(k * m), spec(k * n), spec(m * n)]
    const plan = planOf([kernel], inputs, [spec(m * n)], ['float32'])
    const donated: Plan = { ...plan, outputs: [{ ...spec(m * n), donated: 2 }] }
    const random = new Random(2)
    await check(
      donated,
      inputs.map(({ size }) => random.array('float32', size)),
      [0.1],
    )
  })
})

/** A convolution of [n, h, w, c] images with a [3, 3, c, o] filter, padding 'same', by its maps. */
function convolution(
  [n, h, w, c, o]: readonly [number, number, number, number, number],
  wanted: 'output' | 'filter',
): Plan {
  const axes = [n, h, w, o, 3, 3, c]
  const row = index(-1, [0, 1, 0, 0, 1, 0, 0])
  const column = index(-1, [0, 0, 1, 0, 0, 1, 0])
  const within = [
    { index: row, low: 0, high: h },
    { index: column, low: 0, high: w },
  ]
  const image = load('float32', 0, [h * w * c, w * c, c, 0, w * c, c, 1], -(w * c + c), within)
  const perOutput = [h * w * o, w * o, o, 1, 0, 0, 0]
  const perFilter = [0, 0, 0, 1, 3 * c * o, c * o, o]
  const isOutput = wanted === 'output'
  const spec = (size: number) => ({ dtype: 'float32' as const, size })
  const inputs = [spec(n * h * w * c), spec(isOutput ? 9 * c * o : n * h * w * o)]
  const outputs = [spec(isOutput ? n * h * w * o : 9 * c * o)]
  const kernel: ContractKernel = {
    kind: 'contract',
    label: 'convolution',
    axes,
    operands: operandsOf(...inputs, ...outputs),
    batch: [],
    m: isOutput ? [0, 1, 2] : [4, 5, 6],
    n: [3],
    k: isOutput ? [4, 5, 6] : [0, 1, 2],
    left: { program: [image] },
    right: { program: [load('float32', 1, isOutput ? perFilter : perOutput)] },
    epilogue: [reducedSum('float32')],
    stores: [{ value: 0, operand: 2, index: index(0, isOutput ? perOutput : perFilter) }],
  }
  return planOf([kernel], inputs, outputs)
}

describe('convolution', () => {
  for (const wanted of ['output', 'filter'] as const) {
    for (const shape of [
      [2, 5, 7, 3, 4],
      [3, 4, 4, 1, 5],
      [1, 1, 9, 8, 2],
    ] as const) {
      test(`${wanted} of [n, h, w, c, o] = [${shape}]`, async () => {
        const plan = convolution(shape, wanted)
        const random = new Random(3)
        await check(
          plan,
          plan.inputs.map(({ size }) => random.array('float32', size)),
        )
      })
    }
  }
})

function randomContraction(random: Random) {
  const axes: number[] = []
  const take = (count: number) =>
    Array.from({ length: count }, () => axes.push(random.pick([1, 2, 3, 5, 8, 13])) - 1)
  const batch = take(random.integer(0, 1))
  const m = take(random.integer(0, 2))
  const n = take(random.integer(0, 2))
  const k = take(random.integer(0, 2))
  const size = axes.reduce((product, extent) => product * extent, 1)
  if (axes.length > 0 && size < 100) {
    axes[random.integer(0, axes.length - 1)] = random.integer(0, 400)
  }
  const dtype = random.pick<DType>(['float32', 'float64', 'int32'])
  const builder = new KernelBuilder(random, axes)
  const side = (over: readonly number[]) =>
    random.uniform() < 0.4 ? [builder.load(dtype, over)] : builder.program(dtype, over)
  const left = { program: side([...batch, ...m, ...k]) }
  const right = { program: side([...batch, ...n, ...k]) }
  const over = [...batch, ...m, ...n]
  const epilogue = builder.program(dtype, over, [reducedSum(dtype)])
  epilogue.push(apply(dtype, 'add', epilogue.length - 1, 0))
  const stores = [builder.store(dtype, over, epilogue.length - 1)]
  const label = `random ${dtype}`
  const sides = { kind: 'contract', label, axes, batch, m, n, k, left, right } as const
  return builder.contraction({ ...sides, operands: [], epilogue, stores })
}

test('random contractions', async () => {
  for (let seed = 0; seed < 150; seed++) {
    const { plan, inputs, scalars } = randomContraction(new Random(seed))
    await check(plan, inputs, scalars)
  }
})
