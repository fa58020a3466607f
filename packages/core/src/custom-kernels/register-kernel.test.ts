import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  BackendError,
  compile,
  defineComposite,
  defineOp,
  exp,
  explain,
  gradients,
  type HandWrittenKernel,
  type KernelArray,
  matmul,
  mul,
  type Op,
  registerKernel,
  setBackend,
  softmax,
  type Tensor,
  type TensorSpec,
  tensor,
  unregisterKernel,
  zeros,
} from '../index.ts'
import { scalarFunctions } from '../ir/instruction.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

const softcap = defineComposite('softcap', (x: Tensor, cap: number) => x.div(cap).tanh().mul(cap), [
  'x',
  'cap',
])

/** Its results cannot be mistaken for those of the generated kernel. */
const hundreds: HandWrittenKernel<{ x: TensorSpec; cap: number }> = {
  supports: ({ x, cap }) => x.shape.length === 1 && cap > 0,
  run: ({ x, cap }, output) => output.data.set(x.data.map((value) => 100 * value + cap)),
}

let backend: NaiveBackend
const withCustom = ['map', 'reduce', 'row', 'contract', 'custom'] as const

beforeEach(async () => {
  backend = new NaiveBackend('naive', scalarFunctions, withCustom)
  await setBackend(backend)
})

afterEach(() => {
  for (const op of [softcap, softmax, matmul, exp]) unregisterKernel(op, 'naive')
})

const kindsOfLast = () => backend.runs.at(-1)?.kernels.map(({ kind }) => kind)

describe('registerKernel', () => {
  test('computes the calls that it supports, with whole arrays', async () => {
    registerKernel(softcap, 'naive', hundreds)
    const x = tensor([1, 2])
    expect(await softcap(x.add(1), 5).mul(2).array()).toEqual([410, 610])
    expect(kindsOfLast()).toEqual(['map', 'custom', 'map'])
    // Not of this rank, and not for this cap.
    const [first] = (await softcap(x.reshape([2, 1]), 5).data()) ?? []
    expect(first).toBeCloseTo(5 * Math.tanh(1 / 5))
    expect(Number(await softcap(x, -5).sum().item())).toBeCloseTo(
      5 * Math.tanh(1 / 5) + 5 * Math.tanh(2 / 5),
    )
  })

  test('is asked again where plain arguments differ', async () => {
    registerKernel(softcap, 'naive', hundreds)
    expect(await softcap(tensor([1]), 5).array()).toEqual([105])
    expect(await softcap(tensor([1]), 6).array()).toEqual([106])
    expect(await softcap(tensor([1]), 5).array()).toEqual([105])
    expect(backend.compiled.length).toBe(2)
  })

  test('reads inputs through reshapes, and the same one twice', async () => {
    const doubled = defineComposite('doubled', (a: Tensor, b: Tensor) => a.add(b), ['a', 'b'])
    registerKernel(doubled, 'naive', {
      run: ({ a, b }: { a: KernelArray; b: KernelArray }, output) => {
        output.data.set(a.data.map((value, i) => value * 10 + (b.data[i] ?? 0)))
      },
    })
    const x = tensor([[1, 2]]).reshape([2])
    expect(await doubled(x, x).array()).toEqual([11, 22])
    unregisterKernel(doubled, 'naive')
  })

  test('leaves gradients as they are', async () => {
    const x = tensor([0.5])
    const slope = async () => {
      const [dx] = gradients(softcap(x, 2).sum(), [x])
      return Number(await dx.item())
    }
    const before = await slope()
    registerKernel(softcap, 'naive', hundreds)
    expect(await slope()).toBe(before)
  })

  test('and unregisterKernel change what compiled functions run from their next call on', async () => {
    const step = compile((x: Tensor) => softcap(x, 5).neg())
    const generated = await step(tensor([1])).array()
    registerKernel(softcap, 'naive', hundreds)
    expect(await step(tensor([1])).array()).toEqual([-105])
    expect(explain(step, tensor([1]))).toContain('javascript(x [1] = #0) {"cap":5}')
    expect(unregisterKernel(softcap, 'naive')).toBe(hundreds)
    expect(await step(tensor([1])).array()).toEqual(generated)
    expect(unregisterKernel(softcap, 'naive')).toBeUndefined()
  })

  test('takes ops by their function and by their record', async () => {
    registerKernel(exp, 'naive', { run: (_, output) => output.data.fill(7) })
    registerKernel(matmul, 'naive', { run: (_, output) => output.data.fill(8) })
    expect(await exp(tensor([1])).array()).toEqual([7])
    expect(await matmul(tensor([[1]]), tensor([[1]])).array()).toEqual([[8]])
    const own: Op<'x', { by: number }> = defineOp({
      name: 'own',
      infer: ({ x }) => x,
      lower: ({ x }, { at, scalar, attributes }) => scalar.mul(x.at(...at), attributes.by),
    })
    const calls: object[] = []
    registerKernel(own, 'naive', {
      supports: (call) => calls.push(call) === 0,
      run: () => {},
    })
    expect(await own.apply({ x: tensor([3]) }, { by: 2 }).array()).toEqual([6])
    expect(calls).toEqual([{ x: { shape: [1], dtype: 'float32' }, by: 2 }])
    unregisterKernel(own, 'naive')
  })

  test('is not given calls without elements, nor numbers in the place of tensors', async () => {
    registerKernel(exp, 'naive', { run: () => expect.unreachable() })
    expect(await exp(zeros([0])).array()).toEqual([])
    registerKernel(mul, 'naive', { run: () => expect.unreachable() })
    expect(await tensor(2).mul(3).item()).toBe(6)
    unregisterKernel(mul, 'naive')
  })

  test('refuses what is no op, and a second kernel', () => {
    const several = (x: Tensor) => x.add(1).neg()
    expect(() => registerKernel(several, 'naive', hundreds)).toThrow(ArgumentError)
    expect(() => registerKernel(several, 'naive', hundreds)).toThrow(/several.*defineComposite/s)
    registerKernel(softcap, 'naive', hundreds)
    expect(() => registerKernel(softcap, 'naive', hundreds)).toThrow(/a second kernel for softcap/)
    // Another backend is another matter.
    registerKernel(softcap, 'other', hundreds)
    unregisterKernel(softcap, 'other')
  })

  test('is an error at the read for a backend that takes none, and for another language', async () => {
    const plain = new NaiveBackend('plain')
    await setBackend(plain)
    registerKernel(softcap, 'plain', hundreds)
    await expect(softcap(tensor([1]), 5).array()).rejects.toThrow(BackendError)
    unregisterKernel(softcap, 'plain')
    expect(await softcap(tensor([0]), 5).array()).toEqual([0])
    await setBackend(backend)
    registerKernel(softcap, 'naive', {
      emit: () => ({ language: 'wgsl', source: '', workgroups: 1, workgroupSize: 1 }),
    })
    await expect(softcap(tensor([1]), 5).array()).rejects.toThrow(/a kernel for softcap in wgsl/)
  })
})
