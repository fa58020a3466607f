import { compile, setBackend, tensor } from '@tensorweft/core'
import { describeGoldenMismatch, type GoldenAttribute, loadGoldens } from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { backends } from '../backends.testing.ts'
import { inputOf } from '../goldens.testing.ts'
import * as schedules from './index.ts'
import type { Schedule } from './schedule.ts'

const cases = await loadGoldens('schedules')

/** The schedule that a case describes, by its name and its options. */
function scheduleOf(op: string, options: Readonly<Record<string, GoldenAttribute>>): Schedule {
  const made: object = schedules
  const factory: unknown = Reflect.get(made, op)
  if (typeof factory !== 'function') throw new Error(`there is no schedule ${op}`)
  return factory(options)
}

describe.each(backends)('the reference rates on %s', (_, backend) => {
  beforeAll(async () => {
    await setBackend(await backend())
  })

  test.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const { data, shape } = inputOf(golden, 'step')
    const { formula: _formula, ...options } = golden.attributes
    const schedule = scheduleOf(golden.op, options)
    const rates = schedule(tensor(data, { shape, dtype: 'int32' }))
    expect(rates.dtype).toBe('float32')
    const [wanted] = golden.outputs
    if (wanted === undefined) throw new Error('there is no output')
    expect(describeGoldenMismatch(await rates.data(), wanted, golden)).toBeUndefined()
    const byStep = compile(schedule)
    const single = await Promise.all(
      [...data].map((t) => byStep(tensor(t, { dtype: 'int32' })).item()),
    )
    expect(describeGoldenMismatch(Float32Array.from(single), wanted, golden)).toBeUndefined()
  })
})
