import { cpu } from '@tensorweft/backend-cpu'
import type { Backend, BufferHandle, BufferView, Executable, Plan } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { contractRules, type InterpreterRules } from '../reference/plans/interpret-plan.ts'
import { formatReport } from './format-report.ts'
import { InterpreterBackend } from './interpreter-backend.testing.ts'
import { runConformance } from './run-conformance.ts'
import { conformanceSuite } from './suite.ts'

const { instruction, combine, indexAt, isInside, order } = contractRules

const isFull = process.env.TENSORWEFT_FULL === '1'

/** Names of the cases that a backend fails, among those whose name begins with `only`. */
async function failuresOf(create: () => Backend, only: string): Promise<string[]> {
  const { results } = await runConformance(create, { randomGraphs: 20, only: [only] })
  return results.flatMap(({ name, status }) => (status === 'failed' ? name : []))
}

interface Defect {
  readonly what: string
  readonly create: () => Backend
  /** Groups of cases that must notice. */
  readonly caughtBy: readonly string[]
}

const withRules = (rules: Partial<InterpreterRules>) => () => new InterpreterBackend(rules)

const wrongInstruction = (name: string, change: (value: number, x: number) => number) =>
  withRules({
    instruction: (op, from, to, args) => {
      const value = instruction(op, from, to, args)
      return op === name ? change(value, args[0] ?? 0) : value
    },
  })

class SharesMemory extends InterpreterBackend {
  override async read(buffer: BufferHandle, byteOffset = 0, byteLength?: number) {
    return this.bytesOf(buffer, byteOffset, byteLength)
  }
}

/** Runs as late as possible: reads that were called before see what came after. */
class ReadsLate extends InterpreterBackend {
  override async read(buffer: BufferHandle, byteOffset = 0, byteLength?: number) {
    await new Promise<void>((resolve) => queueMicrotask(resolve))
    return super.read(buffer, byteOffset, byteLength)
  }
}

class IgnoresOffsets extends InterpreterBackend {
  override compile(plan: Plan): Executable {
    const executable = super.compile(plan)
    const atStart = (views: readonly BufferView[]) =>
      views.map((view) => ({ ...view, byteOffset: 0 }))
    return {
      ready: executable.ready,
      run: (inputs, outputs, scalars) => executable.run(atStart(inputs), atStart(outputs), scalars),
      dispose: () => executable.dispose(),
    }
  }
}

/** Keeps the numbers of the first run. */
class KeepsScalars extends InterpreterBackend {
  override compile(plan: Plan): Executable {
    const executable = super.compile(plan)
    let first: readonly number[] | undefined
    return {
      ready: executable.ready,
      run: (inputs, outputs, scalars) => {
        first ??= scalars
        executable.run(inputs, outputs, first)
      },
      dispose: () => executable.dispose(),
    }
  }
}

let drift = 0

const defects: readonly Defect[] = [
  {
    what: 'an addition that is off by 1 %',
    create: wrongInstruction('add', (value) => value * 1.01),
    caughtBy: ['instructions: add', 'kernels: map', 'ops: add', 'random graphs'],
  },
  {
    what: 'a division that is off by 4 units in the last place',
    create: wrongInstruction('div', (value) => value * (1 + 2 ** -21)),
    caughtBy: ['instructions: div'],
  },
  {
    what: 'an exponential that overflows early',
    create: wrongInstruction('exp', (value, x) => (x > 80 ? Number.POSITIVE_INFINITY : value)),
    caughtBy: ['instructions: exp', 'accuracy: exp'],
  },
  {
    what: 'casts that wrap instead of saturating',
    create: wrongInstruction('cast', (value, x) => (Number.isInteger(value) ? x | 0 : value)),
    caughtBy: ['instructions: cast', 'numbers: casts'],
  },
  {
    what: 'a padding guard whose lower bound is ignored',
    create: withRules({
      isInside: (within, at) =>
        isInside(
          within.map((range) => ({ ...range, low: Number.NEGATIVE_INFINITY })),
          at,
        ),
    }),
    caughtBy: [
      'kernels: map gives 0',
      'kernels: contract: convolutions',
      'ops: pad',
      'ops: conv2d',
    ],
  },
  {
    what: 'a padding guard that is off by one',
    create: withRules({
      isInside: (within, at) =>
        isInside(
          within.map((range) => ({ ...range, high: range.high - 1 })),
          at,
        ),
    }),
    caughtBy: [
      'kernels: map gives 0',
      'kernels: gather: elements',
      'ops: pad',
      'numbers: two paddings',
      'random graphs',
    ],
  },
  {
    what: 'reductions that drop the tail of four',
    create: withRules({
      combine: (combiner, dtype, sofar, value, position, size) =>
        size > 4 && position >= size - (size % 4)
          ? sofar
          : combine(combiner, dtype, sofar, value, position, size),
    }),
    caughtBy: [
      'kernels: reduce: sum',
      'kernels: scan',
      'kernels: row',
      'kernels: contract',
      'ops: sum',
      'ops: matmul',
    ],
  },
  {
    what: 'a maximum that loses NaN',
    create: withRules({
      combine: (combiner, dtype, a, b, ...rest) =>
        combiner === 'max' ? (b > a ? b : a) : combine(combiner, dtype, a, b, ...rest),
    }),
    caughtBy: ['kernels: reduce: max and min give NaN', 'numbers: NaN'],
  },
  {
    what: 'integer sums that do not wrap',
    create: withRules({
      combine: (combiner, dtype, a, b, ...rest) =>
        combiner === 'sum' && dtype === 'int32'
          ? Math.min(a + b, 2147483647)
          : combine(combiner, dtype, a, b, ...rest),
    }),
    caughtBy: ['numbers: int32'],
  },
  {
    what: 'digits that truncate instead of taking the floor',
    create: withRules({
      indexAt: (index, at) => {
        const { digits } = index
        const [digit] = digits
        if (digit === undefined || indexAt(digit.of, at) >= 0) return indexAt(index, at)
        return indexAt(index, at) + digit.coefficient
      },
    }),
    caughtBy: ['kernels: map reads digits'],
  },
  {
    what: 'a descending sort that reverses what is equal',
    create: withRules({
      order: (values, descending) =>
        descending
          ? order([...values].reverse(), true).map((position) => values.length - 1 - position)
          : order(values, false),
    }),
    caughtBy: ['kernels: sort: rows', 'kernels: sort: NaN last'],
  },
  {
    what: 'a sort that has NaN first when it descends',
    create: withRules({
      order: (values, descending) => {
        const positions = order(values, descending)
        const first = positions.filter((position) => Number.isNaN(values[position]))
        const rest = positions.filter((position) => !first.includes(position))
        return descending ? [...first, ...rest] : positions
      },
    }),
    caughtBy: ['kernels: sort: NaN last'],
  },
  {
    what: 'a scatter that takes targets at the end for others',
    create: withRules({ isTarget: (target, size) => target >= 0 && target <= size }),
    caughtBy: ['kernels: scatter: rows'],
  },
  {
    what: 'sums that differ from run to run',
    create: withRules({
      combine: (combiner, dtype, a, b, position, size) =>
        combine(combiner, dtype, a, position === 0 ? b * (1 + ++drift * 1e-7) : b, position, size),
    }),
    caughtBy: ['determinism: two runs'],
  },
  {
    what: 'reads that share memory',
    create: () => new SharesMemory(),
    caughtBy: ['buffers: writes and reads copy', 'buffers: write, run'],
  },
  {
    what: 'reads that happen late',
    create: () => new ReadsLate(),
    caughtBy: ['buffers: write, run'],
  },
  {
    what: 'views whose offset is ignored',
    create: () => new IgnoresOffsets(),
    caughtBy: ['instructions: ', 'kernels: '],
  },
  {
    what: 'numbers of a run that are kept for the next',
    create: () => new KeepsScalars(),
    caughtBy: ['parameters: numbers given with each call'],
  },
]

describe('the conformance suite', () => {
  test('finds nothing wrong with the cpu backend', async () => {
    const report = await runConformance(cpu, { randomGraphs: isFull ? 3000 : 60 })
    expect(report.failed, formatReport(report)).toBe(0)
    const skipped = report.results.filter(({ status }) => status === 'skipped')
    expect(skipped.filter(({ name }) => !name.includes('float16'))).toEqual([])
  }, 600_000)

  test('finds nothing wrong with a backend that interprets plans', async () => {
    const only = ['buffers', 'instructions', 'kernels', 'ops', 'numbers', 'shapes', 'parameters']
    const options = isFull ? {} : { only }
    const report = await runConformance(() => new InterpreterBackend(), options)
    expect(report.failed, formatReport(report)).toBe(0)
  }, 600_000)

  describe.each(defects)('notices $what', ({ create, caughtBy }) => {
    test.each(caughtBy)(
      'in %s',
      async (prefix) => {
        expect(await failuresOf(create, prefix)).not.toEqual([])
      },
      120_000,
    )
  })

  test('runs what is skipped, and complains if it passes', async () => {
    const create = wrongInstruction('add', (value) => value * 1.01)
    const skips = { 'instructions: add float32': 'known', 'instructions: sub *': 'unknown' }
    const { cases, dispose } = conformanceSuite(create, { skips })
    const byName = (name: string) => cases.find((one) => one.name === name)
    expect(byName('instructions: add float32')?.skip).toBe('known')
    await byName('instructions: add float32')?.run()
    await expect(byName('instructions: sub int32')?.run()).rejects.toThrow('although it is skipped')
    await dispose()
  })

  test('complains about skips that name no case', async () => {
    const { cases } = conformanceSuite(cpu, { skips: { 'instructions: pow float32': 'none' } })
    await expect(cases.at(-1)?.run()).rejects.toThrow('no case is named instructions: pow')
  })

  test('does not expect what capabilities rule out, and wants it refused', async () => {
    const dtypes = ['float32', 'int32', 'uint8', 'bool'] as const
    const create = () => new InterpreterBackend({}, { dtypes })
    const report = await runConformance(create, { only: ['instructions: add'] })
    // It takes float64 nevertheless.
    const { name, reason } = report.results.find(({ status }) => status === 'failed') ?? {}
    expect(name).toContain('float64')
    expect(reason).toContain('although it is skipped: no float64')
  })
})
