import { randomCase, runPlan } from '@tensorweft/testkit/plans'
import { wasmWith } from '../wasm-backend.ts'
import { eager as eagerInNode } from './eager.testing.ts'
import { mirror } from './mirror.testing.ts'
import { areEqual, far, Picks } from './pick.testing.ts'
import { canShare, canWait, type StartThread, waysToStart } from './platform.ts'
import type { Hello } from './serve.ts'

/** What a page, or a worker of it, found out. */
export interface PageReport {
  readonly canShare: boolean
  readonly canWait: boolean
  /** Jobs that workers said they did, and those that they broke off. */
  readonly answers: number
  readonly faults: number
  /** Workers that started, and failures to start one. */
  readonly started: number
  readonly failures: number
  readonly warnings: readonly string[]
  /** What came out otherwise than it should. */
  readonly wrong: readonly string[]
}

/** Workers start while this thread is at rest. */
const eager = { ...eagerInNode, startMilliseconds: 0 }

const report = {
  canShare: canShare(),
  canWait: canWait(),
  answers: 0,
  faults: 0,
  started: 0,
  failures: 0,
  warnings: [] as string[],
  wrong: [] as string[],
}

console.warn = (...texts: readonly unknown[]) => report.warnings.push(texts.join(' '))

/** The workers that were started last. */
let crew: { readonly hello: Hello; size: number } | undefined

function join(hello: Hello): void {
  const isSame = crew?.hello.memory === hello.memory && crew.hello.control === hello.control
  if (isSame && crew !== undefined) crew.size++
  else crew = { hello, size: 1 }
}

function haveStarted(): boolean {
  if (crew === undefined) return false
  const { memory, control, words } = crew.hello
  return Atomics.load(new Int32Array(memory.buffer, control), words.started) === crew.size
}

/** The ways of the platform, but counted. */
const ways = waysToStart().map((start): StartThread => {
  return ({ answered, failed }) => {
    report.started++
    const thread = start({
      answered(answer) {
        if (answer.fault === undefined) report.answers++
        else report.faults++
        answered(answer)
      },
      failed(cause) {
        report.failures++
        failed(cause)
      },
    })
    return {
      postMessage(message) {
        if ('memory' in message) join(message)
        thread.postMessage(message)
      },
      terminate: () => thread.terminate(),
    }
  }
})

function check(holds: boolean, what: string): void {
  if (!holds) report.wrong.push(what)
}

/** Workers start while this thread is at rest; until then it does everything alone. */
async function workersAreUp(picks: Picks): Promise<void> {
  if (!report.canShare) return
  for (let turn = 0; turn < 1000; turn++) {
    // Has them start, if they do not yet.
    await picks.pick((k) => k)
    if (haveStarted() || report.warnings.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function checkKernels(): Promise<void> {
  const one = wasmWith({ threads: 1 }, eager)
  const three = wasmWith({ threads: 3 }, eager, ways)
  const both = mirror([one, three])
  for (let seed = 0; seed < 8; seed++) {
    for (const kind of ['loops', 'contract', 'sort', 'scatter'] as const) {
      // WebAssembly leaves the sign of NaN open, and both are to have the same bits.
      const { plan, inputs, scalars } = randomCase(kind, seed, { specials: false })
      await runPlan(both, plan, inputs, scalars, 2).catch((error) => {
        report.wrong.push(`${kind} ${seed}: ${error}`)
      })
      if (seed === 0) await workersAreUp(new Picks(three))
    }
  }
  await both.dispose()
}

/** Writes, runs, reads and frees that follow each other without a wait keep their order. */
async function checkOrder(picks: Picks): Promise<void> {
  const { numbers, size } = picks
  const forwards = Int32Array.from({ length: size }, (_, k) => k)
  const backwards = forwards.toReversed()
  const [places, out] = [picks.view(forwards), picks.view(forwards)]
  const [first, second] = [picks.view(backwards), picks.view(backwards)]
  picks.start(places, out)
  const one = picks.read(out)
  picks.start(first, out)
  const two = picks.read(out)
  picks.start(second, places)
  picks.start(places, out)
  const failed = picks.read(out)
  check(areEqual(await one, numbers), 'the first run')
  check(areEqual(await two, numbers.toReversed()), 'the second run')
  // What was picked from were numbers up to three times the size: beyond, there is other memory.
  await failed.catch(() => {})
}

async function checkFaults(picks: Picks): Promise<void> {
  const { numbers } = picks
  for (let time = 0; time < 2; time++) {
    const failed = await picks
      .pick(() => far)
      .then(
        () => false,
        (error) => String(error).includes('broke off'),
      )
    check(failed, 'a run that breaks off is an error')
    check(areEqual(await picks.pick((k) => k), numbers), 'a run after that')
    await workersAreUp(picks)
  }
}

/** What is computed from a lost value is lost too, until something is written there. */
async function checkLost(picks: Picks): Promise<void> {
  const { numbers, size } = picks
  const forwards = Int32Array.from({ length: size }, (_, k) => k)
  const [bad, first, second] = [
    picks.view(forwards.map(() => far)),
    picks.view(forwards),
    picks.view(forwards),
  ]
  const isLost = (view: typeof bad) =>
    picks.read(view).then(
      () => false,
      () => true,
    )
  picks.start(bad, first)
  picks.start(first, second)
  check(await isLost(first), 'a result of a run that broke off is lost')
  check(await isLost(second), 'what is computed from it is lost')
  check((await picks.read(bad))[0] === far, 'its inputs are there')
  picks.write(first, forwards)
  picks.start(first, second)
  check(areEqual(await picks.read(second), numbers), 'what is written is there')
}

async function checkInPage(): Promise<PageReport> {
  await checkKernels()
  const backend = wasmWith({ threads: 2 }, eager, ways)
  const picks = new Picks(backend)
  await workersAreUp(picks)
  await checkOrder(picks)
  if (report.answers > 0) await checkLost(picks)
  await workersAreUp(picks)
  await checkFaults(picks)
  await backend.finish()
  await backend.dispose()
  return report
}

if (typeof document === 'undefined') {
  checkInPage().then(
    (done) => postMessage(done),
    (error) => postMessage({ ...report, wrong: [String(error)] }),
  )
} else {
  /** The same in a worker of the page. */
  const checkInWorker = () =>
    new Promise((resolve) => {
      const worker = new Worker(new URL(import.meta.url), { type: 'module' })
      worker.addEventListener('message', ({ data }) => resolve(data))
      worker.addEventListener('error', ({ message }) => resolve({ ...report, wrong: [message] }))
    })
  Object.assign(globalThis, { checkInPage, checkInWorker })
}
