import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { BenchError } from '../errors.ts'
import type { SubjectOptions } from '../subject.ts'
import type { NetworkName } from './networks.ts'

export interface FirstStepRequest {
  /** The name of the subject, as printed. */
  readonly subject: string
  readonly options: SubjectOptions
  readonly network: NetworkName
}

/** What the process says: that it is ready, then the loss; or what went wrong. */
export interface FirstStepAnswer {
  readonly ready?: true
  readonly loss?: number
  readonly failure?: string
}

/** A process of its own in which nothing has been computed yet. */
export interface FirstStepProcess {
  /** Makes the network and takes its first step; the loss. */
  run(): Promise<number>
  end(): Promise<void>
}

/** Starts a process and waits until it is ready to begin. Throws `BenchError` if it fails. */
export async function launchFirstStep(request: FirstStepRequest): Promise<FirstStepProcess> {
  // The program runs from its sources under test, else built.
  const isSource = import.meta.url.endsWith('.ts')
  const entry = isSource
    ? new URL('./process.ts', import.meta.url)
    : new URL('./process.js', import.meta.url)
  const child = fork(fileURLToPath(entry), [JSON.stringify(request)], {
    execArgv: isSource ? ['--conditions=@tensorweft/source'] : [],
  })
  const fresh = { run: () => run(child, request), end: () => end(child) }
  await nextAnswer(child, request).catch(async (error: unknown) => {
    await fresh.end()
    throw error
  })
  return fresh
}

async function run(child: ChildProcess, request: FirstStepRequest): Promise<number> {
  const answer = nextAnswer(child, request)
  child.send('go')
  return (await answer).loss ?? Number.NaN
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  const exit = once(child, 'exit')
  child.kill()
  await exit
}

/** While no answer is expected, the process does not keep the program alive. */
async function nextAnswer(
  child: ChildProcess,
  { subject, network }: FirstStepRequest,
): Promise<FirstStepAnswer> {
  child.ref()
  child.channel?.ref()
  const answer = await new Promise<FirstStepAnswer>((resolve) => {
    child.once('message', resolve)
    child.once('exit', () => resolve({ failure: 'its process ended' }))
  })
  child.removeAllListeners()
  child.unref()
  child.channel?.unref()
  if (answer.failure === undefined) return answer
  throw new BenchError(`First step of ${network}, ${subject}: ${answer.failure}`)
}
