import { describe, expect, test } from 'vitest'
import { mlpProblem, mlpSizes } from '../cases/mlp.ts'
import { mlpLosses } from '../cases/reference/mlp.ts'
import { adam } from '../cases/update-rules.ts'
import { BenchError } from '../errors.ts'
import { launchFirstStep } from './launch.ts'

const options = { threads: 1 }

describe('launchFirstStep', () => {
  test.each(['tensorweft/cpu', 'tfjs-cpu'])('computes the first loss with %s', async (subject) => {
    const fresh = await launchFirstStep({ subject, options, network: 'mlp' })
    const [expected = 0] = mlpLosses(mlpProblem(mlpSizes, adam), 1)
    expect(await fresh.run()).toBeCloseTo(expected, 4)
    await fresh.end()
    await fresh.end()
  })

  test('fails in one line where the process does', async () => {
    const launching = launchFirstStep({ subject: 'nobody', options, network: 'mlp' })
    await expect(launching).rejects.toThrow(
      new BenchError("First step of mlp, nobody: no subject has the name 'nobody'"),
    )
  })
})
