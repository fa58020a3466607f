import type { Subject } from './subject.ts'
import type { LoadSubject } from './subjects/load-subject.ts'

/** Each subject once, or once per number of threads where it can use several. */
export async function loadSubjects(
  loaders: readonly LoadSubject[],
  threads: readonly number[],
): Promise<Subject[]> {
  const loaded: Subject[] = []
  for (const load of loaders) {
    const [first = 1, ...others] = threads
    const subject = await load({ threads: first })
    loaded.push(subject)
    if (!subject.threaded) continue
    for (const count of others) loaded.push(await load({ threads: count }))
  }
  return loaded
}
