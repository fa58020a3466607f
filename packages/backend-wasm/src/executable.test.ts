import {
  arenaAlignment,
  type Backend,
  BackendError,
  type BufferView,
  type Kernel,
  type LoopKernel,
  OutOfMemoryError,
  type Plan,
  type Slot,
  type Step,
  viewTypedArray,
} from '@tensorweft/core'
import {
  affine,
  apply,
  bytesOf,
  constant,
  load,
  mapKernel,
  operandsOf,
  planOf,
  Random,
  runPlan,
} from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from './index.ts'

const size = 301
const spec = { dtype: 'float32' as const, size }

/** `to ← from · 3 + 1`, elementwise, for two slots of the plan. */
function affineKernel(from: number, to: number): LoopKernel {
  const program = [
    load('float32', 0, affine([1])),
    constant('float32', 3),
    apply('float32', 'mul', 0, 1),
    constant('float32', 1),
    apply('float32', 'add', 2, 3),
  ]
  const operands = [from, to].map((slot) => ({ slot, dtype: 'float32' as const }))
  return mapKernel('affine → x', [size], operands, program)
}

function repeated(x: Float32Array, times: number): Float32Array {
  let values = Float32Array.from(x)
  for (let k = 0; k < times; k++) values = values.map((value) => Math.fround(value * 3) + 1)
  return values
}

const x = new Random(1).floats(size)

describe('plans', () => {
  test('run their kernels in order, through an arena whose parts are used again', async () => {
    const second = Math.ceil((size * 4) / arenaAlignment) * arenaAlignment
    const slots: Slot[] = [
      { in: 'input', input: 0, ...spec },
      { in: 'arena', byteOffset: 0, ...spec },
      { in: 'arena', byteOffset: second, ...spec },
      { in: 'output', output: 0, ...spec },
    ]
    const kernels = [affineKernel(0, 1), affineKernel(1, 2), affineKernel(2, 1), affineKernel(1, 3)]
    const plan = {
      ...planOf({ kernels, inputs: [spec], outputs: [spec] }),
      slots,
      arenaByteLength: 2 * second,
    }
    expect(await runPlan(wasm(), plan, [x], [], 2)).toEqual([repeated(x, 4)])
  })

  test('write a donated output in place of its input', async () => {
    const plan = planOf({ kernels: [affineKernel(0, 1)], inputs: [spec], outputs: [spec] })
    const donated: Plan = { ...plan, outputs: [{ ...spec, donated: 0 }] }
    expect(await runPlan(wasm(), donated, [x])).toEqual([repeated(x, 1)])
  })

  test('take other buffers, and parts of buffers, in every run', async () => {
    const backend = wasm()
    const executable = backend.compile(
      planOf({ kernels: [affineKernel(0, 1)], inputs: [spec], outputs: [spec] }),
    )
    await executable.ready
    const byteLength = size * 4
    const buffer = backend.allocate(8 * byteLength)
    const part = (k: number): BufferView => ({ buffer, byteOffset: k * byteLength, byteLength })
    backend.write(buffer, bytesOf(x))
    for (let k = 0; k < 7; k++) {
      executable.run([part(k)], [part(k + 1)], [])
      // Memory grows in between.
      backend.allocate(2 ** 20)
    }
    const bytes = await backend.read(buffer, 7 * byteLength)
    expect(viewTypedArray('float32', bytes.buffer, 0, size)).toEqual(repeated(x, 7))
  })

  test('get the numbers of each run', async () => {
    const program: Step[] = [
      { op: 'scalar', dtype: 'float32', scalar: 0 },
      { op: 'scalar', dtype: 'int32', scalar: 1 },
      apply('float32', 'cast', 1),
      apply('float32', 'add', 0, 2),
    ]
    const kernel = mapKernel('scalars', [], [{ slot: 0, dtype: 'float32' }], program)
    const plan = planOf({
      kernels: [kernel],
      inputs: [],
      outputs: [{ dtype: 'float32', size: 1 }],
      scalars: ['float32', 'int32'],
    })
    expect(await runPlan(wasm(), plan, [], [0.5, -7])).toEqual([Float32Array.of(-6.5)])
  })

  test('without kernels or arrays do nothing', async () => {
    expect(await runPlan(wasm(), planOf({ kernels: [], inputs: [], outputs: [] }), [])).toEqual([])
  })
})

describe('mistakes', () => {
  const backend = wasm()
  const plan = planOf({ kernels: [affineKernel(0, 1)], inputs: [spec], outputs: [spec] })
  const view = (byteLength = size * 4): BufferView => {
    return { buffer: backend.allocate(byteLength), byteOffset: 0, byteLength }
  }
  const executable = backend.compile(plan)

  test('a wrong number of inputs, outputs or scalars', () => {
    expect(() => executable.run([], [view()], [])).toThrow(/0 inputs; wanted 1/)
    expect(() => executable.run([view()], [view(), view()], [])).toThrow(/2 outputs; wanted 1/)
    expect(() => executable.run([view()], [view()], [1])).toThrow(/1 scalars; wanted 0/)
  })

  test('a view that is too short, misaligned, or of a freed or foreign buffer', () => {
    expect(() => executable.run([view(40)], [view()], [])).toThrow(/40 bytes/)
    const long = view(size * 4 + 8)
    expect(() => executable.run([{ ...long, byteOffset: 2 }], [view()], [])).toThrow(BackendError)
    expect(() => executable.run([{ ...long, byteOffset: 12 }], [view()], [])).toThrow(BackendError)
    const freed = view()
    backend.free(freed.buffer)
    expect(() => executable.run([view()], [freed], [])).toThrow(/was freed/)
    const foreign = { ...view(), buffer: wasm().allocate(size * 4) }
    expect(() => executable.run([foreign], [view()], [])).toThrow(/did not allocate/)
  })

  test('an executable that was disposed', () => {
    const other = backend.compile(plan)
    other.dispose()
    other.dispose()
    expect(() => other.run([view()], [view()], [])).toThrow(/disposed/)
  })

  test('a slot that is not there, or lies outside the arena', () => {
    expect(() => backend.compile({ ...plan, kernels: [affineKernel(0, 5)] })).toThrow(/slot 5/)
    const slots: Slot[] = [...plan.slots, { in: 'arena', byteOffset: 256, ...spec }]
    const outside = { ...plan, slots, kernels: [affineKernel(0, 2)], arenaByteLength: 512 }
    expect(() => backend.compile(outside)).toThrow(/slot 2 at bytes 256 to 1460/)
  })

  test('another version of the plan format, float64, and instructions that do not exist', () => {
    const versioned = { ...plan, version: 0 as typeof plan.version }
    expect(() => backend.compile(versioned)).toThrow('a plan of version 0')
    const wide = { dtype: 'float64' as const, size }
    const kernel = affineKernel(0, 1)
    const operands = kernel.operands.map(({ slot }) => ({ slot, dtype: 'float64' as const }))
    const wider = planOf({ kernels: [{ ...kernel, operands }], inputs: [wide], outputs: [wide] })
    expect(() => backend.compile(wider)).toThrow(/float64.*\n.*cpu backend/)
    if (kernel.kind !== 'map') return
    const program = [load('float32', 0, affine([1])), apply('float32', 'shl', 0, 0)]
    const stages = kernel.stages.map((stage) => ({ ...stage, program }))
    const shifted = planOf({ kernels: [{ ...kernel, stages }], inputs: [spec], outputs: [spec] })
    expect(() => backend.compile(shifted)).toThrow("the instruction 'shl' of float32")
  })
})

test('plans that were disposed of give their memory back', () => {
  const backend = wasm()
  const plan = {
    ...planOf({ kernels: [affineKernel(0, 1)], inputs: [spec], outputs: [spec] }),
    arenaByteLength: 2 ** 28,
  }
  for (let k = 0; k < 100; k++) backend.compile(plan).dispose()
})

describe('scratch memory', () => {
  const held = (backend: Backend) => {
    try {
      backend.allocate(3 * 2 ** 30)
    } catch (error) {
      return /plans (\d+) /.exec(String(error))?.[1]
    }
    return undefined
  }
  const sortPlan = (length: number, arenaByteLength = 0): Plan => {
    const [from, to] = [
      { dtype: 'float32', size: length } as const,
      { dtype: 'int32', size: length } as const,
    ]
    const kernel: Kernel = {
      kind: 'sort',
      label: 'argsort',
      axes: [1, length],
      outer: 1,
      operands: operandsOf(from, to),
      program: [load('float32', 0, affine([length, 1]))],
      descending: false,
      store: { value: 0, operand: 1, index: affine([length, 1]) },
    }
    return { ...planOf({ kernels: [kernel], inputs: [from], outputs: [to] }), arenaByteLength }
  }

  test('goes with the plan that needs most of it', async () => {
    const backend = wasm({ threads: 1 })
    const small = backend.compile(sortPlan(1000))
    const before = held(backend)
    const large = backend.compile(sortPlan(2 ** 22))
    expect(Number(held(backend))).toBeGreaterThan(2 ** 26)
    large.dispose()
    expect(held(backend)).toBe(before)
    expect(await runPlan(backend, sortPlan(1000), [new Float32Array(1000)])).toEqual([
      Int32Array.from({ length: 1000 }, (_, k) => k),
    ])
    small.dispose()
    expect(held(backend)).toBe('0')
  })

  test('is there again when a plan does not fit', () => {
    const backend = wasm({ threads: 1 })
    for (const plan of [sortPlan(2 ** 27), sortPlan(2 ** 16, 2 ** 32)]) {
      expect(() => backend.compile(plan)).toThrow(OutOfMemoryError)
      expect(held(backend)).toBe('0')
    }
  })
})

test('the modules of a plan have a function for each kernel', async () => {
  const executable = wasm().compile(
    planOf({
      kernels: [affineKernel(0, 1), affineKernel(1, 2)],
      inputs: [spec],
      outputs: [spec, spec],
    }),
  )
  const [bytes = new Uint8Array(), ...others] = executable.modules?.() ?? []
  expect(others).toEqual([])
  const module = await WebAssembly.compile(Uint8Array.from(bytes))
  expect(WebAssembly.Module.exports(module)).toContainEqual({ name: 'run', kind: 'function' })
  const names = new TextDecoder('latin1').decode(
    WebAssembly.Module.customSections(module, 'name')[0],
  )
  expect(names).toContain('1 map affine')
  expect(names).toContain('2 map affine')
})
