import type { LoadSubject } from './subject-options.ts'

export const backends: ReadonlyMap<string, LoadSubject> = new Map()
