import { cpu } from '@tensorweft/backend-cpu'
import { type Backend, BackendError, float16Bits } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { outputDifferences } from './output-differences.ts'
import { PlanBuilder } from './plan-builder.ts'
import { mapKernel, operandsOf, planOf } from './plan-of.ts'
import { runPlan } from './run-plan.ts'
import { affine, apply, load } from './steps.ts'

const spec = { dtype: 'float32', size: 3 } as const
const doubled = [load('float32', 0, affine([1])), apply('float32', 'add', 0, 0)]
const double = mapKernel('double', [3], operandsOf(spec, spec), doubled)
const apart = planOf({ kernels: [double], inputs: [spec], outputs: [spec] })
const x = Float32Array.of(1, 2, 3)

test('runs on the same inputs each time, which are not changed', async () => {
  const operands = [0, 0].map((slot) => ({ slot, dtype: 'float32' as const }))
  const outputs = [{ ...spec, donated: 0 }]
  const inPlace = planOf({ kernels: [{ ...double, operands }], inputs: [spec], outputs })
  const slots = inPlace.slots.slice(0, 1)
  for (const plan of [apart, { ...inPlace, slots }]) {
    expect(await runPlan(cpu(), plan, [x], [], 3)).toEqual([Float32Array.of(2, 4, 6)])
  }
  expect(x).toEqual(Float32Array.of(1, 2, 3))
})

test('what is not written shows', async () => {
  const [empty] = await runPlan(cpu(), { ...apart, kernels: [] }, [x])
  expect([...(empty ?? [])].every((value) => value !== 0)).toBe(true)
})

/** A backend whose runs also write a byte at some distance from an output's first one. */
function careless(distance: number): Backend {
  const backend = cpu()
  const compile = backend.compile.bind(backend)
  backend.compile = (plan) => {
    const executable = compile(plan)
    return {
      ready: executable.ready,
      dispose: () => executable.dispose(),
      run(inputs, outputs, scalars) {
        executable.run(inputs, outputs, scalars)
        for (const { buffer, byteOffset } of outputs) {
          backend.write(buffer, Uint8Array.of(1), byteOffset + distance)
        }
      },
    }
  }
  return backend
}

test('bytes that are written beside an output are an error', async () => {
  await runPlan(careless(11), apart, [x])
  await expect(runPlan(careless(12), apart, [x])).rejects.toThrow('byte 12 of output 0 written')
  await expect(runPlan(careless(-1), apart, [x])).rejects.toThrow(BackendError)
})

test('differences name the kernel, the element and both values', () => {
  const wanted = [Float32Array.of(2, Number.NaN, 0)]
  expect(outputDifferences(apart, [Float32Array.of(2, Number.NaN, -0)], wanted)).toEqual([])
  expect(outputDifferences(apart, [Float32Array.of(2, 4, 6)], wanted)).toEqual([
    'output 0 (float32, double): 2 of 3 elements differ: [1] got 4, wanted NaN',
  ])
  expect(outputDifferences(apart, [], wanted)).toHaveLength(1)
})

test('a builder numbers slots in the order in which they come', async () => {
  const builder = new PlanBuilder()
  const result = builder.output('float32', 3)
  const halves = builder.input('float16', [1, 2.5, -3])
  const between = builder.scratch('float32', 3)
  const factor = builder.scalar('float32', 4)
  expect(() => builder.inPlace(result)).toThrow('slot of an input')
  const at = (slot: number) => ({ slot, dtype: 'float32' as const })
  const scaled = [
    load('float32', 0, affine([1])),
    { op: 'scalar', dtype: 'float32', scalar: factor } as const,
    apply('float32', 'mul', 0, 1),
  ]
  const counter = { op: 'index', dtype: 'int32', index: affine([1], 1) } as const
  const counted = [counter, apply('float32', 'cast', 0)]
  builder.add(mapKernel('count', [3], [at(between)], counted))
  builder.add(mapKernel('scale', [3], [at(between), at(result)], scaled))
  const { plan, inputs, scalars } = builder.build()
  expect(plan.slots.map((slot) => slot.in)).toEqual(['output', 'input', 'arena'])
  expect(halves).toBe(1)
  expect(inputs).toEqual([Uint16Array.from([1, 2.5, -3], float16Bits)])
  const got = await runPlan(cpu(), plan, inputs, scalars)
  expect(got).toEqual([Float32Array.of(4, 8, 12)])
})
