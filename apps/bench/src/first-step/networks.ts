import { cnnProblem, cnnSizes } from '../cases/cnn.ts'
import { mlpProblem, mlpSizes } from '../cases/mlp.ts'
import { adam } from '../cases/update-rules.ts'
import type { Prepared, Subject } from '../subject.ts'

export type NetworkName = 'mlp' | 'cnn'

/** Lets a subject make the network from the data. */
export type BeginNetwork = (subject: Subject) => Promise<Prepared>

/** Each makes the data for Adam steps of a network. */
export const networks: Readonly<Record<NetworkName, () => BeginNetwork>> = {
  mlp() {
    const problem = mlpProblem(mlpSizes, adam)
    return (subject) => subject.mlp(problem)
  },
  cnn() {
    const problem = cnnProblem(cnnSizes, adam)
    return (subject) => subject.cnnTraining(problem)
  },
}
