import {
  cumSum,
  type Executable,
  matmul,
  realize,
  setBackend,
  softmax,
  sort,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { create } from 'webgpu'
import { connect } from './adapter.ts'
import { WebGpuBackend } from './backend.ts'
import { createOnNullDevice, NullDevice } from './testing/null-device.testing.ts'

// Dawn's backend that runs nothing has an adapter with f16, and checks every shader.
const gpu = create(['backend=null'])

async function nullDevice() {
  const adapter = await gpu.requestAdapter()
  const device = await adapter?.requestDevice({ requiredFeatures: ['shader-f16'] })
  if (device === undefined) throw new Error("no adapter of Dawn's null backend")
  return device
}

async function connectToNull() {
  const device = await nullDevice()
  const { features, ...connection } = await connect({ device })
  // It does not run what checks how it rounds.
  return { ...connection, features: { ...features, hasHalves: true } }
}

function ones(...shape: number[]): Tensor<'float16'> {
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(new Float32Array(size).fill(1), { dtype: 'float16' }).reshape(shape)
}

/** The WGSL of what `make` computes from arrays of float16 with these shapes. */
async function textOf(
  backend: WebGpuBackend,
  shapes: readonly (readonly number[])[],
  make: (...inputs: Tensor<'float16'>[]) => Tensor<'float16' | 'float32'>,
): Promise<string> {
  await setBackend(backend)
  const inputs = shapes.map((shape) => ones(...shape))
  await realize(...inputs)
  const executables: Executable[] = []
  const compilePlan = backend.compile.bind(backend)
  backend.compile = (plan) => {
    const executable = compilePlan(plan)
    executables.push(executable)
    return executable
  }
  await realize(make(...inputs))
  backend.compile = compilePlan
  // Rejects if a shader was refused.
  await Promise.all(executables.map(({ ready }) => ready))
  return executables.map(({ source }, k) => source?.call(executables[k])).join('\n')
}

const even = [64, 32]
const odd = [7, 5]

describe('where f16 is a type', () => {
  let backend: WebGpuBackend
  beforeAll(async () => {
    backend = new WebGpuBackend(await connectToNull())
  })
  afterAll(() => backend.dispose())

  test('sums and products of float16 are computed in it, four at a time', async () => {
    const text = await textOf(backend, [even, even], (x, y) => x.mul(y).add(x).sub(y))
    expect(text).toContain('enable f16;')
    expect(text).toContain('words0: array<vec4<f16>>')
    expect(text).toMatch(/v\d+_0 = multiply_halves\(v0_0, v\d+_0\)/)
    expect(text).not.toMatch(/to_half|vec4<u32>|atomic/)
  })

  test('what is looser in it than in float32 is computed there, and rounded', async () => {
    const quotient = await textOf(backend, [even, even], (x, y) => x.div(y))
    expect(quotient).toMatch(/let v\d+_0 = v\d+_0 \/ v\d+_0;/)
    expect(quotient).toMatch(/let v\d+_0 = to_half\(v\d+_0\)/)
    const sum = await textOf(backend, [even], (x) => x.sum([1]))
    expect(sum).toContain('var reduced0: f32')
  })

  test('arrays of several dtypes share a binding of words', async () => {
    const text = await textOf(backend, [even], (x) => x.mul(x).cast('float32'))
    expect(text).toContain('words0: array<vec4<u32>>')
    expect(text).toMatch(/bitcast<vec2<f16>>.*\.x;/)
    expect(text).toContain('multiply_halves')
  })

  test.each([
    ['of even sizes', even, [32, 48], 'array<vec4<f16>>'],
    ['of odd sizes', odd, [5, 9], 'array<f16>'],
  ])(
    'products %s have tiles of it and sums of float32, and share no words',
    async (_, left, right, array) => {
      const text = await textOf(backend, [left, right], (x, y) => matmul(x, y))
      expect(text).toContain(`words0: ${array}`)
      expect(text).not.toContain('atomic')
      expect(text).toMatch(/left_tile: array<array<vec4<f16>, \d+>, 4>/)
      expect(text).toMatch(/right_tile: array<array<vec4<f16>, \d+>, 4>/)
      expect(text).toContain('var s0 = vec4<f32>()')
    },
  )

  test('every kind of kernel compiles', async () => {
    const makers = [
      (x: Tensor<'float16'>) => softmax(x),
      (x: Tensor<'float16'>) => x.sum([0]),
      (x: Tensor<'float16'>) => x.max([1]).add(x.min()),
      (x: Tensor<'float16'>) => cumSum(x),
      (x: Tensor<'float16'>) => sort(x),
      (x: Tensor<'float16'>) => x.mul(x).sum([1]).cast('float32'),
    ]
    for (const make of makers) {
      for (const shape of [even, odd]) expect(await textOf(backend, [shape], make)).toContain('fn')
    }
  })

  test('the check of how it rounds compiles', async () => {
    const device = await nullDevice()
    const pipelines = vi.spyOn(device, 'createComputePipelineAsync')
    await connect({ device })
    expect(pipelines).toHaveBeenCalledTimes(1)
    await expect(pipelines.mock.results[0]?.value).resolves.toBeDefined()
    device.destroy()
  })

  test('a shader with wrong types is refused, so that the others were checked', async () => {
    const { device } = await connectToNull()
    device.pushErrorScope('validation')
    device.createShaderModule({
      code: 'enable f16;\n@compute @workgroup_size(1) fn main() { let x: f16 = 1f; }',
    })
    expect((await device.popErrorScope())?.message).toContain('f16')
    device.destroy()
  })
})

test('elsewhere float16 is bits', async () => {
  const backend = await createOnNullDevice(new NullDevice())
  const text = await textOf(backend, [even, even], (x, y) => x.mul(y).add(x))
  expect(text).toContain('fn to_half(x: f32) -> u32')
  expect(text).not.toMatch(/f16|multiply_halves/)
  await backend.dispose()
})
