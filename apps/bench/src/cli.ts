import { Command, InvalidArgumentError } from 'commander'
import type { BenchCase } from './cases/bench-case.ts'
import { casePatterns, expandName, findCase } from './cases/index.ts'
import { BenchError } from './errors.ts'
import type { LoadSubject } from './subjects/load-subject.ts'
import { peers } from './subjects/peers.ts'
import { backends, defaultBackends } from './subjects/tensorweft/index.ts'

/** What the command line asks for; every name in it exists. */
export interface BenchRequest {
  readonly cases: readonly BenchCase[]
  /** Our own backends first: the first one is what the others are compared with. */
  readonly subjects: readonly LoadSubject[]
  readonly threads: number
  /** Where the rows go as JSON. */
  readonly json?: string
}

interface Options {
  readonly backends: readonly string[]
  readonly peers: readonly string[]
  readonly threads: number
  readonly json?: string
}

/** Reads the arguments after the program's name. Throws `BenchError` or commander's error. */
export function parseArguments(args: readonly string[]): BenchRequest {
  const command = makeCommand()
  command.parse(args, { from: 'user' })
  const { threads, json, ...names } = command.opts<Options>()
  const cases = unique(command.args.flatMap(expandName)).map(findCase)
  if (cases.length === 0) {
    throw new BenchError(`Name at least one case; cases: ${casePatterns.join(', ')}.`)
  }
  const subjects = [
    ...pick('backend', names.backends, backends),
    ...pick('peer', names.peers, peers),
  ]
  return { cases, subjects, threads, ...(json === undefined ? {} : { json }) }
}

function makeCommand(): Command {
  return new Command('bench')
    .description('Times Tensorweft, and its peers on request, on the same work in the same run.')
    .argument('[case...]', `what to measure: ${casePatterns.join(', ')}`)
    .option(
      '--backends <names>',
      `backends of Tensorweft: ${list(backends)} (default: ${defaultBackends.join(', ')})`,
      split,
      defaultBackends,
    )
    .option('--peers <names>', `other frameworks: ${list(peers)} (default: none)`, split, [])
    .option('--threads <count>', 'threads for the subjects that can use several', parseThreads, 1)
    .option('--json <file>', 'also write the rows to this file')
    .exitOverride()
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

function parseThreads(text: string): number {
  const threads = Number(text)
  if (Number.isSafeInteger(threads) && threads > 0) return threads
  throw new InvalidArgumentError('A positive integer is wanted.')
}

function list(known: ReadonlyMap<string, LoadSubject>): string {
  return [...known.keys()].join(', ')
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
