import type { Subject } from '../subject.ts'

export interface SubjectOptions {
  /** Threads for the subjects that can use several. */
  readonly threads: number
}

/** Makes a subject ready to compute; its packages are imported only now. */
export type LoadSubject = (options: SubjectOptions) => Promise<Subject>
