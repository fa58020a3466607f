import type { MatmulProblem, MlpProblem } from './problems.ts'

/** A problem that one subject has made ready: its data is where it computes, nothing is pending. */
export interface Work {
  /** Does the work once and returns when it is done; a training step also reads its loss. */
  step(): Promise<void>
  /** What the latest step computed: the product row by row, or the one loss. */
  result(): Promise<ArrayLike<number>>
  dispose(): Promise<void>
}

/** A framework on one of its backends: what a benchmark compares. */
export interface Subject {
  /** As printed, for example `tensorweft/cpu` or `tfjs-wasm`. */
  readonly name: string
  /** Whether it can run on several threads; where not, `--threads` changes nothing. */
  readonly threaded: boolean
  /** Makes it the one that computes. Called, outside the timing, whenever its turn begins. */
  activate(): Promise<void>
  matmul(problem: MatmulProblem): Promise<Work>
  mlp(problem: MlpProblem): Promise<Work>
  dispose(): Promise<void>
}

/** A subject's work with what the runner needs to take turns. */
export interface Contender extends Work {
  readonly subject: string
  activate(): Promise<void>
}

/** Lets every subject, made active first, prepare its share of a case. */
export async function contend(
  subjects: readonly Subject[],
  prepare: (subject: Subject) => Promise<Work>,
): Promise<Contender[]> {
  const contenders: Contender[] = []
  for (const subject of subjects) {
    await subject.activate()
    const work = await prepare(subject)
    contenders.push({
      subject: subject.name,
      activate: () => subject.activate(),
      step: () => work.step(),
      result: () => work.result(),
      dispose: () => work.dispose(),
    })
  }
  return contenders
}
