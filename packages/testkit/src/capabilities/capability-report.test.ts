import { cpu } from '@tensorweft/backend-cpu'
import {
  BackendError,
  type Executable,
  type Plan,
  registerKernel,
  relu,
  scalarFunctions,
  type TensorSpec,
  unregisterKernel,
} from '@tensorweft/core'
import { afterEach, describe, expect, test } from 'vitest'
import { InterpreterBackend } from '../conformance/interpreter-backend.testing.ts'
import { contractRules, type InterpreterRules } from '../reference/plans/interpret-plan.ts'
import type { Capability, CapabilityReport } from './capability.ts'
import { capabilityReport } from './capability-report.ts'
import { generatedKinds } from './plan-pieces.ts'

type Section = Exclude<keyof CapabilityReport, 'backend'>

function entry(report: CapabilityReport, section: Section, name: string): Capability | undefined {
  return report[section].find((one) => one.name === name)
}

/** The kinds of support in a section. */
function supportsIn(report: CapabilityReport, section: Section): string[] {
  return [...new Set(report[section].map(({ support }) => support))].sort()
}

/** Instructions whose values are changed. */
function withInstruction(
  change: (value: number, op: string, to: string, x: number) => number,
): Partial<InterpreterRules> {
  return {
    instruction: (op, from, to, args) =>
      change(contractRules.instruction(op, from, to, args), op, to, args[0] ?? 0),
  }
}

/** Lists sort kernels, and refuses them. */
class RefusesToSort extends InterpreterBackend {
  override compile(plan: Plan): Executable {
    if (plan.kernels.some(({ kind }) => kind === 'sort')) {
      throw new BackendError('interpreter.compile', { got: 'a kernel that sorts' })
    }
    return super.compile(plan)
  }
}

const dtypes = ['float32', 'int32', 'uint8', 'bool'] as const

describe('the report of a backend that has everything but float16', async () => {
  const report = await capabilityReport(cpu)

  test('says that its kinds, functions and dtypes are native', () => {
    for (const section of ['kernels', 'functions'] as const) {
      expect(supportsIn(report, section)).toEqual(['native'])
    }
    const lacking = report.dtypes.filter(({ support }) => support !== 'native')
    expect(lacking.map(({ name, support }) => [name, support])).toEqual([
      ['float16', 'unsupported'],
    ])
    expect(report.kernels.map(({ name }) => name)).toEqual([...generatedKinds, 'gather', 'custom'])
    expect(report.functions).toHaveLength(2 * scalarFunctions.length)
  })

  test('says that every op and every gradient is generated, and as what', () => {
    expect(supportsIn(report, 'ops')).toEqual(['generated'])
    expect(supportsIn(report, 'gradients')).toEqual(['generated'])
    expect(entry(report, 'ops', 'argSort')?.runsAs).toEqual(['sort'])
    expect(entry(report, 'ops', 'layerNorm')?.runsAs).toContain('row')
    expect(entry(report, 'ops', 'conv2d')?.runsAs).toContain('contract')
    expect(entry(report, 'gradients', 'gather')?.runsAs).toContain('scatter')
    expect(entry(report, 'gradients', 'argSort')).toBeUndefined()
  })

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })
})

describe('the report of a backend with map and reduce alone', async () => {
  const kernels = ['map', 'reduce'] as const
  const create = () => new InterpreterBackend({}, { kernels, functions: [], dtypes })
  const report = await capabilityReport(create)

  test('says what core makes of the other kinds', () => {
    expect(entry(report, 'kernels', 'map')?.support).toBe('native')
    for (const kind of ['row', 'contract', 'scan', 'sort', 'scatter']) {
      const { support, runsAs = [] } = entry(report, 'kernels', kind) ?? {}
      expect(support, kind).toBe('decomposed')
      expect(['map', 'reduce'], kind).toEqual(expect.arrayContaining([...runsAs]))
      expect(runsAs, kind).toContain('reduce')
    }
    expect(entry(report, 'kernels', 'custom')?.support).toBe('unsupported')
  })

  test('says which instructions stand for functions', () => {
    const { support, runsAs } = entry(report, 'functions', 'exp float32') ?? {}
    expect(support).toBe('decomposed')
    expect(runsAs).toContain('exp2')
    expect(runsAs).not.toContain('exp')
  })

  test('says what ops lack', () => {
    expect(entry(report, 'ops', 'add')).toMatchObject({ support: 'generated', lacks: [] })
    expect(entry(report, 'ops', 'tanh')).toMatchObject({ support: 'decomposed', lacks: ['tanh'] })
    expect(entry(report, 'ops', 'softmax')).toMatchObject({
      support: 'decomposed',
      runsAs: ['map', 'reduce'],
      lacks: ['row', 'exp'],
    })
    expect(entry(report, 'gradients', 'matmul')).toMatchObject({
      support: 'decomposed',
      lacks: ['contract'],
    })
    expect(supportsIn(report, 'ops')).toEqual(['decomposed', 'generated'])
  })

  test('says why there is nothing in float64', () => {
    const reason = 'not in its capabilities'
    expect(entry(report, 'dtypes', 'float64')).toMatchObject({ support: 'unsupported', reason })
    expect(entry(report, 'functions', 'exp float64')).toMatchObject({
      support: 'unsupported',
      reason: 'no float64',
    })
  })
})

describe('the report of a backend that claims too much', async () => {
  const rules = withInstruction((value, op, to) => {
    if (op === 'tanh') return value * 1.01
    return to === 'float64' ? Math.fround(value) : value
  })
  // It leaves out a kind that core cannot do without.
  const kernels = generatedKinds.filter((kind) => kind !== 'reduce')
  const report = await capabilityReport(() => new RefusesToSort(rules, { kernels }))

  test('does not believe in a dtype of less precision', () => {
    const { support, reason } = entry(report, 'dtypes', 'float64') ?? {}
    expect(support).toBe('unsupported')
    expect(reason).toMatch(/^instructions: .* float64: .* wanted/)
    expect(entry(report, 'dtypes', 'float32')?.support).toBe('native')
  })

  test('does not believe in a function that is off by 1 %', () => {
    const { support, reason } = entry(report, 'functions', 'tanh float32') ?? {}
    expect(support).toBe('unsupported')
    expect(reason).toMatch(/tanh\(.*\) of float32 gives .*, wanted/)
    expect(entry(report, 'functions', 'exp float32')?.support).toBe('native')
    expect(entry(report, 'ops', 'tanh')?.support).toBe('unsupported')
    expect(entry(report, 'gradients', 'tanh')?.support).toBe('unsupported')
    expect(entry(report, 'ops', 'sinh')?.support).toBe('generated')
  })

  test('does not believe in a kind that it refuses', () => {
    const { support, reason } = entry(report, 'kernels', 'sort') ?? {}
    expect(support).toBe('unsupported')
    expect(reason).toContain('a kernel that sorts')
    expect(entry(report, 'ops', 'argSort')).toMatchObject({ support: 'unsupported' })
    expect(entry(report, 'ops', 'argMax')).toMatchObject({ support: 'generated' })
  })

  test('complains about a kind that is missing although it is needed', () => {
    expect(entry(report, 'kernels', 'reduce')?.reason).toContain('core needs it of every backend')
  })
})

describe('what a backend is known to do wrong', async () => {
  const rules = withInstruction((value, op, _, x) => (op === 'exp' && x < -80 ? 0 : value))
  const report = await capabilityReport(() => new RefusesToSort(rules, { dtypes }), {
    skips: {
      'instructions: exp float32': 'small results are 0',
      'kernels: sort: *': 'does not sort',
    },
  })

  test('is a reason, and leaves it native, where values are off', () => {
    expect(entry(report, 'functions', 'exp float32')).toMatchObject({
      support: 'native',
      reason: 'small results are 0',
    })
  })

  test('is the reason why it is unsupported where it refuses', () => {
    expect(entry(report, 'kernels', 'sort')).toMatchObject({
      support: 'unsupported',
      reason: 'does not sort',
    })
  })
})

describe('kernels written by hand', () => {
  afterEach(() => {
    unregisterKernel(relu, 'cpu')
  })

  test('make an op native, and its gradient not', async () => {
    registerKernel(relu, 'cpu', {
      supports: ({ x }: { x: TensorSpec }) => x.shape.length === 1,
      run: ({ x }, output) => {
        output.data.set(x.data.map((value) => Math.max(0, Number(value))))
      },
    })
    const report = await capabilityReport(cpu)
    const { support, runsAs, reason } = entry(report, 'ops', 'relu') ?? {}
    expect(support).toBe('native')
    expect(runsAs).toContain('custom')
    expect(reason).toMatch(/^hand-written for \d of \d samples$/)
    expect(entry(report, 'gradients', 'relu')).toMatchObject({ support: 'generated' })
    expect(entry(report, 'gradients', 'relu')?.runsAs).toEqual(['map', 'custom'])
    expect(entry(report, 'ops', 'tanh')?.support).toBe('generated')
    expect(entry(report, 'kernels', 'custom')).not.toHaveProperty('reason')
  })
})
