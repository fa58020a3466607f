import type { Subject, SubjectOptions } from '../subject.ts'

/** Makes a subject ready to compute; its packages are imported only now. */
export type LoadSubject = (options: SubjectOptions) => Promise<Subject>
