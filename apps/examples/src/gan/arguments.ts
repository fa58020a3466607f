import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { choice, parseCommand, parsePath, parsePositiveInteger, parseSeed } from '../cli.ts'
import { checkSavePath } from '../save-path.ts'

/** What a program offers, and what it does when it is not told. */
export interface GanChoices<Backend extends string, Objective extends string> {
  /** By the names that `--backend` takes. */
  readonly backends: Readonly<Record<Backend, unknown>>
  /** By the names that `--objective` takes, each with the number of steps that suits it. */
  readonly objectives: Readonly<Record<Objective, { readonly steps: number }>>
  readonly defaults: { readonly backend: Backend; readonly objective: Objective }
  /** Of the picture that is written unless `--picture` says where. */
  readonly pictureName: string
  /** Options that only this program has. */
  readonly extend?: (command: Command) => Command
}

/** The options of a program that trains a generator, all checked. */
export interface GanArguments<Backend extends string, Objective extends string> {
  readonly backend: Backend
  readonly objective: Objective
  /** Updates of the generator, a positive integer. */
  readonly steps: number
  /** A non-negative integer. */
  readonly seed: number
  /** Where to write a picture of samples; its folder exists. */
  readonly picture: string
  /** Where to save the training; its folder exists. */
  readonly save?: string
  /** A training that was saved. */
  readonly resume?: string
}

/**
 * Reads the command line of a program that trains a generator, with the options that the program adds.
 *
 * @param description One sentence for `--help`.
 * @param argv The command line from `node` on, by default that of the process.
 * @throws CliError where an option is unknown, a value makes no sense or a file cannot be written;
 * CommanderError with exit code 0 after `--help`.
 */
export function parseGanArguments<Backend extends string, Objective extends string, More = object>(
  description: string,
  { backends, objectives, defaults, pictureName, extend }: GanChoices<Backend, Objective>,
  argv: readonly string[] = process.argv,
): GanArguments<Backend, Objective> & More {
  const picture = join(tmpdir(), pictureName)
  const counts = Object.entries<{ readonly steps: number }>(objectives)
  const steps = counts.map(([name, { steps }]) => `${steps} for ${name}`).join(', ')
  const command = new Command()
    .description(description)
    .addOption(choice('--backend <name>', 'what computes', backends, defaults.backend))
    .addOption(choice('--objective <name>', 'what is minimised', objectives, defaults.objective))
    .option('--steps <n>', `updates of the generator (default: ${steps})`, parsePositiveInteger)
    .option('--seed <n>', 'start of all random numbers', parseSeed, 0)
    .option('--picture <file>', 'where to write samples, as PNG', parsePath, picture)
    .option('--save <file>', 'write the training to a safetensors file', parsePath)
    .option('--resume <file>', 'go on with a training that was saved', parsePath)
  const parsed = parseCommand(extend?.(command) ?? command, argv)
  const options = parsed.opts<Parsed<Backend, Objective> & More>()
  checkSavePath(options.picture)
  if (options.save !== undefined) checkSavePath(options.save)
  return { ...options, steps: options.steps ?? objectives[options.objective].steps }
}

/** What the parser gives: as the result, but the number of steps may be open. */
type Parsed<Backend extends string, Objective extends string> = Omit<
  GanArguments<Backend, Objective>,
  'steps'
> & { readonly steps?: number }
