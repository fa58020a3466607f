import { cpu } from '@tensorweft/backend-cpu'
import { describe, expect, test } from 'vitest'
import { opSamples } from '../conformance/cases/op-samples.ts'
import { callSamples } from '../conformance/cases/samples/index.ts'
import { InterpreterBackend } from '../conformance/interpreter-backend.testing.ts'
import { contractRules } from '../reference/plans/interpret-plan.ts'
import { checkRandomGraphs, GraphMismatchError } from './check.ts'
import { Choices } from './choices.ts'
import { defaultLimits, generateGraph } from './generate.ts'
import { printProgram } from './print.ts'
import { type RunMode, runModes } from './run-modes.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const modes = Object.keys(runModes) as RunMode[]

/** Ops that give the same for a key, whatever is around them. */
const drawn = ['randomUniform', 'randomNormal', 'truncatedNormal']
const ops = new Set<string>([...opSamples, ...callSamples].map(({ op }) => op))

const generated = (seed: number) => generateGraph(Choices.random(seed), defaultLimits)

describe('random graphs', () => {
  test.each(modes)(
    'are computed by cpu as by the reference: %s',
    async (mode) => {
      const count = isFull ? 5000 : 200
      const summary = await checkRandomGraphs(cpu(), { count, seed: 100_000, modes: [mode] })
      expect(summary.graphs).toBe(count)
      expect(summary.elements).toBeGreaterThan(count * 20)
      expect(summary.uncertain / summary.elements).toBeLessThan(0.05)
    },
    1_800_000,
  )

  // It goes point by point and refuses addresses outside of arrays, unlike loops over chunks.
  test.each(modes)(
    'are right in the meaning of their plans: %s',
    async (mode) => {
      const count = isFull ? 2000 : 30
      const options = { count, seed: 300_000, modes: [mode] }
      const summary = await checkRandomGraphs(new InterpreterBackend(), options)
      expect(summary.graphs).toBe(count)
    },
    1_800_000,
  )

  // Core lowers other kernels to these, and writes functions out in instructions.
  test.each(modes)(
    'are right on a backend that renders little: %s',
    async (mode) => {
      const backend = new InterpreterBackend({}, { kernels: ['map', 'reduce'], functions: [] })
      const count = isFull ? 2000 : 30
      const summary = await checkRandomGraphs(backend, { count, seed: 500_000, modes: [mode] })
      expect(summary.graphs).toBe(count)
    },
    1_800_000,
  )

  test('in float64, with more nodes', async () => {
    const limits = { dtypes: ['float64', 'int32', 'bool'] as const, maxNodes: 24 }
    const count = isFull ? 5000 : 60
    const summary = await checkRandomGraphs(cpu(), { count, seed: 700_000, limits })
    expect(summary.graphs).toBe(count)
  }, 1_800_000)

  test('are the same for the same seed', () => {
    expect(printProgram(generated(5))).toBe(printProgram(generated(5)))
    expect(printProgram(generated(5))).not.toBe(printProgram(generated(6)))
  })

  test('hold every op, every rank, sizes 0 and 1, and several outputs', () => {
    const programs = Array.from({ length: 3000 }, (_, seed) => generated(seed))
    const nodes = programs.flatMap((program) => program.nodes)
    const met = new Set<string>(nodes.flatMap((node) => (node.kind === 'op' ? node.op : [])))
    expect([...ops].filter((op) => !met.has(op))).toEqual(drawn)
    expect(new Set(nodes.map(({ shape }) => shape.length)).size).toBe(7)
    const sizes = new Set(nodes.flatMap(({ shape }) => shape))
    for (const size of [0, 1, 2, 3, 5, 7]) expect(sizes).toContain(size)
    expect(programs.some(({ outputs }) => outputs.length === 3)).toBe(true)
  })
})

/** The error for a backend on which an instruction is wrong. */
async function mismatchWith(instruction: string, mode: RunMode): Promise<GraphMismatchError> {
  const backend = new InterpreterBackend({
    instruction: (op, from, to, args) => {
      const value = contractRules.instruction(op, from, to, args)
      return op === instruction ? value * 1.01 + 0.01 : value
    },
  })
  const error: unknown = await checkRandomGraphs(backend, { count: 2000, modes: [mode] }).catch(
    (thrown: unknown) => thrown,
  )
  if (error instanceof GraphMismatchError) return error
  throw new Error(`no mismatch: ${String(error)}`)
}

describe('a graph that fails', () => {
  test('is shrunk to what is needed, and printed as code', async () => {
    const { program, message } = await mismatchWith('sqrt', 'eager')
    expect(program.nodes.length).toBe(2)
    expect(message).toMatch(/const x0 = tensor\(\[[^\]]*\], \{ shape: \[[^\]]*\] \}\)/)
    expect(message).toMatch(/const x1 = \w+\(x0/)
    expect(message).toContain('await realize(x1)')
  })

  test('keeps the way in which it was run', async () => {
    const { program, mode } = await mismatchWith('tanh', 'compiled')
    expect(mode).toBe('compiled')
    expect(program.nodes.length).toBeLessThanOrEqual(3)
  })
})
