import type { BenchCase } from './cases/bench-case.ts'
import { BenchError } from './errors.ts'
import { type MeasureLimits, measure } from './measure.ts'
import type { Row } from './row.ts'
import type { Contender, Subject } from './subject.ts'
import { verify } from './verify.ts'

/** Lets the subjects of a case prove that they compute the right thing, then times them. */
export async function runCase(
  benchCase: BenchCase,
  subjects: readonly Subject[],
  limits?: MeasureLimits,
): Promise<Row[]> {
  const { contenders, expected } = await benchCase.prepare(subjects)
  try {
    await verifyContenders(benchCase, contenders, expected)
    const timings = await measure(contenders, limits)
    for (const contender of contenders) await refuseNonFinite(benchCase, contender)
    return contenders.flatMap(({ subject }, i) => {
      const timing = timings[i]
      if (timing === undefined) return []
      const flops = benchCase.flops === undefined ? {} : { flops: benchCase.flops }
      return [{ case: benchCase.name, subject, ...timing, ...flops }]
    })
  } finally {
    for (const contender of contenders) {
      await contender.activate()
      await contender.dispose()
    }
  }
}

async function verifyContenders(
  benchCase: BenchCase,
  contenders: readonly Contender[],
  expected: readonly number[],
): Promise<void> {
  for (const contender of contenders) {
    await contender.activate()
    const results: number[] = []
    for (let step = 0; step < benchCase.checkSteps; step++) {
      await contender.step()
      results.push(...Array.from(await contender.result()))
    }
    verify(`${benchCase.name}, ${contender.subject}`, results, expected, benchCase.tolerance)
  }
}

/** A run that went off to infinity on its way computed something else than the others. */
async function refuseNonFinite(benchCase: BenchCase, contender: Contender): Promise<void> {
  await contender.activate()
  const result = Array.from(await contender.result())
  if (result.every(Number.isFinite)) return
  throw new BenchError(`${benchCase.name}, ${contender.subject}: the last result is not finite.`)
}
