// A process that takes one first step: it says when it is ready, waits to be told, and sends the
// loss. Until then, packages are imported, the backend is made and the data are in plain arrays;
// nothing of the network exists.

import { BenchError } from '../errors.ts'
import type { Subject } from '../subject.ts'
import { peers } from '../subjects/peers.ts'
import { backends } from '../subjects/tensorweft/index.ts'
import type { FirstStepAnswer, FirstStepRequest } from './launch.ts'
import { type BeginNetwork, networks } from './networks.ts'

async function main(request: FirstStepRequest): Promise<void> {
  const subject = await loadSubject(request)
  await subject.activate()
  const begin = networks[request.network]()
  process.once('message', () => {
    firstLoss(subject, begin).then((loss) => answer({ loss }), fail)
  })
  answer({ ready: true })
}

async function loadSubject({ subject, options }: FirstStepRequest): Promise<Subject> {
  const ours = /^tensorweft\/(\w+)/.exec(subject)?.[1]
  const load = ours === undefined ? peers.get(subject) : backends.get(ours)
  if (load === undefined) throw new BenchError(`no subject has the name '${subject}'`)
  return load(options)
}

async function firstLoss(subject: Subject, begin: BeginNetwork): Promise<number> {
  const work = await begin(subject)
  if ('unsupported' in work) throw new BenchError(work.unsupported)
  await work.step()
  return (await work.result())[0] ?? Number.NaN
}

function answer(message: FirstStepAnswer): void {
  process.send?.(message)
}

function fail(error: unknown): void {
  answer({ failure: error instanceof Error ? error.message : String(error) })
}

// Whoever asked is gone: nobody would hear the answer.
process.once('disconnect', () => process.exit())
await main(JSON.parse(process.argv[2] ?? '{}')).catch(fail)
