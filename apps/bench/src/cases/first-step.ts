import { type FirstStepRequest, launchFirstStep } from '../first-step/launch.ts'
import { type NetworkName, networks } from '../first-step/networks.ts'
import { contend, type Prepared, type Subject, type Work } from '../subject.ts'
import { type BenchCase, type CaseFamily, singleCase } from './bench-case.ts'
import { cnnProblem, cnnSizes } from './cnn.ts'
import { mlpProblem, mlpSizes } from './mlp.ts'
import { cnnLosses } from './reference/cnn.ts'
import { mlpLosses } from './reference/mlp.ts'
import { adam } from './update-rules.ts'

/** From nothing to the first loss, each time in a new process: nothing is warm or cached. */
export const firstStepFamilies: readonly CaseFamily[] = [
  singleCase(firstStepCase('mlp', () => mlpLosses(mlpProblem(mlpSizes, adam), 1))),
  singleCase(firstStepCase('cnn', () => cnnLosses(cnnProblem(cnnSizes, adam), 1))),
]

function firstStepCase(network: NetworkName, expected: () => number[]): BenchCase {
  return {
    name: `first-step-${network}`,
    summary: `a new process makes the network of ${network}-adam and takes its first step`,
    checkSteps: 1,
    tolerance: { relative: 1e-4, absolute: 1e-6 },
    limits: { warmUpMs: 0, minRounds: 3, maxRounds: 10, maxBurst: 1 },
    async prepare(subjects) {
      const contest = await contend(subjects, (subject) => prepareFirstSteps(subject, network))
      return { ...contest, expected: expected() }
    },
  }
}

async function prepareFirstSteps(subject: Subject, network: NetworkName): Promise<Prepared> {
  const attempt = await networks[network]()(subject)
  if ('unsupported' in attempt) return attempt
  await attempt.dispose()
  return firstSteps({ subject: subject.name, options: subject.options, network })
}

async function firstSteps(request: FirstStepRequest): Promise<Work> {
  let fresh = await launchFirstStep(request)
  let loss = Number.NaN
  return {
    async step() {
      loss = await fresh.run()
    },
    async settle() {
      await fresh.end()
      fresh = await launchFirstStep(request)
    },
    result: async () => [loss],
    dispose: () => fresh.end(),
  }
}
