import { expect, test } from 'vitest'
import { callsProblem, compiledCallsResults } from '../cases/calls.ts'
import { cnnProblem } from '../cases/cnn.ts'
import { convolutionProblem } from '../cases/convolution.ts'
import { dcganProblem } from '../cases/dcgan.ts'
import { chainValue, elementwiseProblem } from '../cases/elementwise.ts'
import { mlpProblem } from '../cases/mlp.ts'
import { cnnLogits, cnnLosses } from '../cases/reference/cnn.ts'
import { convolutionElement, convolutionLength } from '../cases/reference/convolution.ts'
import { dcganLosses } from '../cases/reference/dcgan.ts'
import { mlpLosses } from '../cases/reference/mlp.ts'
import { layerNormResults, layerNormRow, softmaxRow } from '../cases/reference/rows.ts'
import { layerNormProblem, normProblem, softmaxProblem } from '../cases/rows.ts'
import { sumProblem } from '../cases/sum.ts'
import type { ElementwiseOp } from '../problems/elementwise.ts'
import type { UpdateRule } from '../problems/update-rule.ts'
import type { Prepared, Subject, Work } from '../subject.ts'
import { verify } from '../verify.ts'
import type { LoadSubject } from './load-subject.ts'
import { peers } from './peers.ts'

const mlpSizes = { batch: 7, inputs: 9, hidden: 5, outputs: 3 }
const cnnSizes = { batch: 3, height: 8, width: 4, filters1: 3, filters2: 5, outputs: 4 }
const convolutionSizes = { batch: 2, height: 5, width: 6, channels: 3, filters: 5, stride: 2 }
const ganSizes = { batch: 3, side: 8, latent: 5, channels1: 3, channels2: 4 }
const updates: UpdateRule[] = [
  { rule: 'sgd', learningRate: 0.1 },
  { rule: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
]
const everyOp: readonly ElementwiseOp[] = [
  { op: 'mul', number: 1.5 },
  { op: 'add', number: 0.25 },
  { op: 'sub', number: 0.5 },
  ...(['abs', 'sqrt', 'neg', 'exp', 'tanh', 'square', 'sigmoid', 'relu'] as const).map((op) => ({
    op,
  })),
]
const absentFromGan = ['tfjs-cpu', 'jax-js-wasm', 'jax-js-webgpu']
const tolerance = { relative: 1e-4, absolute: 1e-6 }

/** A subject under test. */
export interface TestedSubject {
  /** As it has to call itself. */
  readonly name: string
  readonly load: LoadSubject | undefined
  readonly threads: number
}

/** Small problems of every kind, each compared with the reference. */
export function describeSubject({ name, load, threads }: TestedSubject): void {
  async function withSubject(body: (subject: Subject) => Promise<void>): Promise<void> {
    const subject = await load?.({ threads })
    await subject?.activate()
    if (subject !== undefined) await body(subject)
    await subject?.dispose()
    expect(subject?.name).toBe(name)
  }

  /** The results of the first steps in a row; none where the subject says that it cannot. */
  async function resultsOf(work: Prepared, steps: number): Promise<number[] | string> {
    if ('unsupported' in work) return work.unsupported
    const results: number[] = []
    for (let step = 0; step < steps; step++) {
      await work.step()
      await work.settle?.()
      results.push(...Array.from(await work.result()))
    }
    await work.dispose()
    return results
  }

  /** What the last of several steps computed that were awaited together. */
  async function lastOfEnqueued(work: Work, steps: number): Promise<number[]> {
    for (let step = 0; step < steps; step++) work.queue?.enqueue()
    await work.queue?.finish()
    return Array.from(await work.result())
  }

  function expectNear(results: number[] | string, expected: readonly number[]): void {
    expect(results).toBeInstanceOf(Array)
    verify(name, Array.isArray(results) ? results : [], expected, tolerance)
  }

  test('multiplies', () =>
    withSubject(async (subject) => {
      const a = Float32Array.of(1, 2, 3, 4, 5, 6)
      const b = a.subarray(0, 3)
      const problem = { rows: 2, inner: 3, columns: 1, a, b }
      const work = await subject.matmul({ ...problem, dtype: 'float32' })
      expect(await resultsOf(work, 2)).toEqual([14, 32, 14, 32])
      const half = await resultsOf(await subject.matmul({ ...problem, dtype: 'float16' }), 1)
      if (half !== 'has no float16') expect(half).toEqual([14, 32])
    }))

  test.each(updates)('takes enqueued steps of training with $rule, none left out', (update) =>
    withSubject(async (subject) => {
      const problem = mlpProblem(mlpSizes, update)
      const work = await subject.mlp(problem)
      if (name === 'jax-js-wasm') expect(work).not.toHaveProperty('queue.enqueue')
      else expectNear(await lastOfEnqueued(work, 4), mlpLosses(problem, 4).slice(3))
      await work.dispose()
    }),
  )

  test('enqueues what is computed anew each time', () =>
    withSubject(async (subject) => {
      const problem = elementwiseProblem(37, everyOp)
      const work = await subject.elementwise(problem)
      const expected = Array.from(problem.values, (value) => chainValue(value, everyOp))
      if (work.queue !== undefined) expectNear(await lastOfEnqueued(work, 3), expected)
      await work.dispose()
    }))

  test.each(updates)('trains dense layers like the reference with $rule', (update) =>
    withSubject(async (subject) => {
      const problem = mlpProblem(mlpSizes, update)
      expectNear(await resultsOf(await subject.mlp(problem), 4), mlpLosses(problem, 4))
    }),
  )

  test('runs convolutions forward like the reference', () =>
    withSubject(async (subject) => {
      const problem = cnnProblem(cnnSizes, { rule: 'sgd', learningRate: 0 })
      const logits = await resultsOf(await subject.cnnForward(problem), 1)
      expectNear(logits, Array.from(cnnLogits(problem)))
    }))

  test.each(updates)('trains convolutions like the reference with $rule', (update) =>
    withSubject(async (subject) => {
      const problem = cnnProblem(cnnSizes, update)
      const losses = await resultsOf(await subject.cnnTraining(problem), 4)
      if (name === 'tfjs-wasm') expect(losses).toMatch(/no kernel Conv2DBackpropFilter/)
      else expectNear(losses, cnnLosses(problem, 4))
    }),
  )

  test.each(updates)('trains a GAN like the reference with $rule', (update) =>
    withSubject(async (subject) => {
      const problem = dcganProblem(ganSizes, update)
      const losses = await resultsOf(await subject.dcgan(problem), 3)
      if (name === 'tfjs-wasm') expect(losses).toMatch(/no kernel Conv2DBackpropFilter/)
      else if (absentFromGan.includes(name)) expect(losses).toMatch(/^not measured/)
      else expectNear(losses, dcganLosses(problem, 3))
    }),
  )

  test.each(['forward', 'by-input', 'by-filters'] as const)('convolves %s', (direction) =>
    withSubject(async (subject) => {
      const problem = convolutionProblem(direction, convolutionSizes)
      const result = await resultsOf(await subject.convolution(problem), 1)
      const places = Array.from({ length: convolutionLength(problem) }, (_, place) => place)
      if (peers.has(name)) expect(result).toMatch(/^not measured/)
      else
        expectNear(
          result,
          places.map((place) => convolutionElement(problem, place)),
        )
    }),
  )

  test('takes the softmax of rows', () =>
    withSubject(async (subject) => {
      const problem = softmaxProblem(3, 17)
      const expected = [0, 1, 2].flatMap((row) => Array.from(softmaxRow(problem, row)))
      expectNear(await resultsOf(await subject.softmax(problem), 1), expected)
    }))

  test('adds up', () =>
    withSubject(async (subject) => {
      const problem = sumProblem(1001)
      const expected = problem.values.reduce((sum, value) => sum + value, 0)
      expectNear(await resultsOf(await subject.sum(problem), 1), [expected])
    }))

  test('normalises rows', () =>
    withSubject(async (subject) => {
      const problem = normProblem(5, 18)
      const expected = [0, 1, 2, 3, 4].flatMap((row) => Array.from(layerNormRow(problem, row)))
      expectNear(await resultsOf(await subject.layerNorm(problem), 1), expected)
    }))

  test('normalises rows and gives the gradients', () =>
    withSubject(async (subject) => {
      const problem = layerNormProblem(5, 18)
      const results = await resultsOf(await subject.layerNormGradient(problem), 2)
      const once = Array.from(layerNormResults(problem))
      expectNear(results, [...once, ...once])
    }))

  test('runs a chain of elementwise ops', () =>
    withSubject(async (subject) => {
      const problem = elementwiseProblem(37, everyOp)
      const expected = Array.from(problem.values, (value) => chainValue(value, everyOp))
      expectNear(await resultsOf(await subject.elementwise(problem), 1), expected)
    }))

  test('adds eagerly', () =>
    withSubject(async (subject) => {
      const work = await subject.eagerCalls(callsProblem(3))
      expect(await resultsOf(work, 2)).toEqual(Array(8).fill(5))
    }))

  test('carries a total through compiled calls', () =>
    withSubject(async (subject) => {
      const problem = callsProblem(3)
      const results = await resultsOf(await subject.compiledCalls(problem), 2)
      if (name.startsWith('tfjs')) expect(results).toMatch(/compiles no functions/)
      else expect(results).toEqual(compiledCallsResults(problem, 2))
    }))
}
