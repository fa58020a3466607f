import { onBehalfOf } from './errors.ts'
import type { CallsProblem } from './problems/calls.ts'
import type { CnnProblem, CnnTrainingProblem } from './problems/cnn.ts'
import type { ConvolutionProblem } from './problems/convolution.ts'
import type { DcganProblem } from './problems/dcgan.ts'
import type { ElementwiseProblem } from './problems/elementwise.ts'
import type { MatmulProblem } from './problems/matmul.ts'
import type { MlpProblem } from './problems/mlp.ts'
import type { LayerNormProblem, NormProblem, RowsProblem } from './problems/rows.ts'
import type { SumProblem } from './problems/sum.ts'

/** Steps that are started one after the other and awaited together, as a GPU likes it. */
export interface Queue {
  /** Starts a step and returns at once; what it computes stays where it is, and nothing is read. */
  enqueue(): void
  /** Returns when all that was started is done. */
  finish(): Promise<void>
}

/** A problem that one subject has made ready: its data is where it computes, nothing is pending. */
export interface Work {
  /** Does the work once and returns when it is done; a training step also reads its loss. */
  step(): Promise<void>
  /** The same steps without waiting for each one, where the subject can do that. */
  readonly queue?: Queue | undefined
  /** Waits, outside the timing, for what a step has left pending or has to make ready again. */
  settle?(): Promise<void>
  /** What the latest step computed: the values row by row, or the one loss. */
  result(): Promise<ArrayLike<number>>
  dispose(): Promise<void>
}

/** Stands in the place of work that a subject cannot do. */
export interface Unsupported {
  /** The reason, for the table: `no …`, `has no …`. */
  readonly unsupported: string
}

export type Prepared = Work | Unsupported

export interface SubjectOptions {
  /** Threads for the subjects that can use several. */
  readonly threads: number
}

/** A framework on one of its backends: what a benchmark compares. */
export interface Subject {
  /** As printed, for example `tensorweft/cpu` or `tfjs-wasm`. */
  readonly name: string
  /** Whether it can run on several threads; where not, `--threads` changes nothing. */
  readonly threaded: boolean
  /** What it was made with: another process can make its like. */
  readonly options: SubjectOptions
  /** Makes it the one that computes. Called, outside the timing, whenever its turn begins. */
  activate(): Promise<void>
  /** One product, left where it was computed. */
  matmul(problem: MatmulProblem): Promise<Prepared>
  mlp(problem: MlpProblem): Promise<Work>
  /** The logits, left where they were computed. */
  cnnForward(problem: CnnProblem): Promise<Work>
  cnnTraining(problem: CnnTrainingProblem): Promise<Prepared>
  /** The result, or the one gradient, left where it was computed. */
  convolution(problem: ConvolutionProblem): Promise<Prepared>
  /** The result of a step is both losses, the discriminator's first. */
  dcgan(problem: DcganProblem): Promise<Prepared>
  /** The whole chain; its result is left where it was computed. */
  elementwise(problem: ElementwiseProblem): Promise<Work>
  /** The sum of all values. */
  sum(problem: SumProblem): Promise<Work>
  softmax(problem: RowsProblem): Promise<Work>
  layerNorm(problem: NormProblem): Promise<Work>
  /** The result, then its gradients by x, gamma and beta; all are left where they were computed. */
  layerNormGradient(problem: LayerNormProblem): Promise<Work>
  /** Every call adds `a` and `b`; nothing is read, the result is the last sum. */
  eagerCalls(problem: CallsProblem): Promise<Work>
  /**
   * Every call runs a compiled function that adds `b` to a total, which begins with `a` and is
   * carried from call to call, and returns the old total times 2; nothing is read, the result is
   * what the last call returned.
   */
  compiledCalls(problem: CallsProblem): Promise<Prepared>
  /** Bytes of all values and plans that it holds; undefined where it does not say. */
  heldBytes(): number | undefined
  dispose(): Promise<void>
}

/** How many threads it really uses. */
export function threadsOf({ threaded, options }: Subject): number {
  return threaded ? options.threads : 1
}

/** A subject's work with what the runner needs to take turns. */
export interface Contender extends Work {
  readonly subject: string
  activate(): Promise<void>
}

/** A subject that cannot run a case. */
export interface Absentee {
  readonly subject: string
  readonly reason: string
}

/** Everybody's share of a case. */
export interface Contest {
  readonly contenders: readonly Contender[]
  readonly absentees: readonly Absentee[]
}

/** Lets every subject, made active first, prepare its share of a case. */
export async function contend(
  subjects: readonly Subject[],
  prepare: (subject: Subject) => Promise<Prepared>,
): Promise<Contest> {
  const contenders: Contender[] = []
  const absentees: Absentee[] = []
  try {
    for (const subject of subjects) {
      const prepared = await onBehalfOf(subject.name, async () => {
        await subject.activate()
        return prepare(subject)
      })
      if ('unsupported' in prepared) {
        absentees.push({ subject: subject.name, reason: prepared.unsupported })
      } else contenders.push(contender(subject, prepared))
    }
  } catch (error) {
    await disposeAll(contenders)
    throw error
  }
  return { contenders, absentees }
}

/** Frees what all of them hold. */
export async function disposeAll(contenders: readonly Contender[]): Promise<void> {
  for (const contender of contenders) {
    await contender.activate()
    await contender.dispose()
  }
}

function contender(subject: Subject, work: Work): Contender {
  return {
    subject: subject.name,
    activate: () => subject.activate(),
    step: () => work.step(),
    queue: work.queue,
    settle: async () => work.settle?.(),
    result: () => work.result(),
    dispose: () => work.dispose(),
  }
}

/** The contender with every step through its queue; undefined where it has none. */
export function queued(contender: Contender): Contender | undefined {
  const { queue } = contender
  if (queue === undefined) return undefined
  return {
    ...contender,
    async step() {
      queue.enqueue()
      await queue.finish()
    },
  }
}

/** The contender with every step waited for. */
export function unqueued(contender: Contender): Contender {
  return { ...contender, queue: undefined }
}
