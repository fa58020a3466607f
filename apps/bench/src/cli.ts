import { Command, InvalidArgumentError } from 'commander'
import type { BenchCase } from './cases/bench-case.ts'
import { casePatterns, expandName, findCase } from './cases/index.ts'
import { BenchError } from './errors.ts'
import { type Study, studies } from './studies.ts'
import type { LoadSubject } from './subjects/load-subject.ts'
import { peers } from './subjects/peers.ts'
import { backends, defaultBackends } from './subjects/tensorweft/index.ts'
import { gpuTargets } from './targets/gpu-targets.ts'
import { canBeQuick, only, quick } from './targets/quick.ts'
import type { TargetSet } from './targets/target.ts'
import { wasmTargets } from './targets/wasm-targets.ts'

/** What the command line asks for; every name in it exists. */
export interface BenchRequest {
  /** What is measured, in this order. */
  readonly work: readonly (BenchCase | Study)[]
  /** In place of `work`: everything that one backend has to show. */
  readonly targets?: TargetSet
  /** Our own backends: the first one is what the others are compared with. */
  readonly backends: readonly LoadSubject[]
  readonly peers: readonly LoadSubject[]
  /** What can use several threads is measured with each of these counts. */
  readonly threads: readonly number[]
  /** Whether steps are started one after the other and awaited together. */
  readonly isQueued: boolean
  /** Where the results go as JSON. */
  readonly json?: string
}

interface Options {
  readonly backends?: readonly string[]
  readonly peers?: readonly string[]
  readonly threads: readonly number[]
  readonly queued?: boolean
  readonly quick?: boolean
  readonly only?: readonly string[]
  readonly json?: string
}

const targetSets: readonly TargetSet[] = [wasmTargets, gpuTargets]

const patterns = [...casePatterns, ...[...studies, ...targetSets].map(({ name }) => name)].join(
  ', ',
)

/** Reads the arguments after the program's name. Throws `BenchError` or commander's error. */
export function parseArguments(args: readonly string[]): BenchRequest {
  const command = makeCommand()
  command.parse(args, { from: 'user' })
  const options = command.opts<Options>()
  const { threads, json, queued: isQueued = false, ...names } = options
  if (command.args.length === 0) throw new BenchError(`Name at least one case; cases: ${patterns}.`)
  const targets = findTargets(command.args, options)
  const chosenBackends = targets === undefined ? names.backends : [targets.backend]
  return {
    work: targets === undefined ? unique(command.args.flatMap(expandName)).map(findWork) : [],
    ...(targets === undefined ? {} : { targets }),
    backends: pick('backend', chosenBackends ?? defaultBackends, backends),
    peers: pick('peer', names.peers ?? targets?.peers ?? [], peers),
    threads,
    isQueued,
    ...(json === undefined ? {} : { json }),
  }
}

function makeCommand(): Command {
  return new Command('bench')
    .description('Times Tensorweft, and its peers on request, on the same work in the same run.')
    .argument('[case...]', `what to measure: ${patterns}`)
    .option(
      '--backends <names>',
      `backends of Tensorweft: ${list(backends)} (default: ${defaultBackends.join(', ')})`,
      split,
    )
    .option(
      '--peers <names>',
      `other frameworks: ${list(peers)} (default: none, or those of the targets)`,
      split,
    )
    .option(
      '--threads <counts>',
      'threads for the backends that can use several; with 1,2 they are measured with each',
      parseThreads,
      [1],
    )
    .option('--queued', 'start the steps one after the other and wait for all together')
    .option('--quick', 'of targets: small cases, hardly repeated, to try out the program')
    .option(
      '--only <parts>',
      'of targets: only the cases whose usual name holds one of these',
      split,
    )
    .option('--json <file>', 'also write the results to this file')
    .exitOverride()
}

/** A set of targets is measured alone, for its own backend. */
function findTargets(names: readonly string[], options: Options): TargetSet | undefined {
  const found = targetSets.find(({ name }) => names.includes(name))
  if (found === undefined) {
    if (!options.quick && options.only === undefined) return undefined
    throw new BenchError('--quick and --only are for sets of targets.')
  }
  if (unique(names).length > 1 || options.backends !== undefined || options.queued) {
    throw new BenchError(
      `${found.name} measures a list of its own, for the backend ${found.backend}: name no other case, no --backends and no --queued.`,
    )
  }
  if (options.quick && !canBeQuick(found)) {
    throw new BenchError(`${found.name} has no small cases for --quick.`)
  }
  const chosen = options.only === undefined ? found : only(found, options.only)
  if (chosen.cases.length + chosen.studies.length === 0) {
    throw new BenchError(
      `${found.name} has nothing whose name holds ${options.only?.join(' or ')}.`,
    )
  }
  return options.quick ? quick(chosen) : chosen
}

function findWork(name: string): BenchCase | Study {
  return studies.find((study) => study.name === name) ?? findCase(name, patterns)
}

function pick(
  kind: string,
  names: readonly string[],
  known: ReadonlyMap<string, LoadSubject>,
): LoadSubject[] {
  return unique(names).map((name) => {
    const found = known.get(name)
    if (found === undefined) {
      throw new BenchError(`Unknown ${kind} '${name}'; ${kind}s: ${list(known)}.`)
    }
    return found
  })
}

function split(names: string): string[] {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function parseThreads(text: string): number[] {
  const counts = unique(split(text)).map(Number)
  const isCount = (count: number) => Number.isSafeInteger(count) && count > 0
  if (counts.length > 0 && counts.every(isCount)) return counts
  throw new InvalidArgumentError('Positive integers are wanted.')
}

function list(known: ReadonlyMap<string, LoadSubject>): string {
  return [...known.keys()].join(', ')
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
