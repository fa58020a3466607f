import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { CliError } from './cli-error.ts'
import { checkSavePath } from './save-path.ts'

/** What a program offers, and what it does when it is not told. */
export interface Choices<Backend extends string, Optimizer extends string> {
  /** By the names that `--backend` takes. */
  readonly backends: Readonly<Record<Backend, unknown>>
  /** By the names that `--optimizer` takes, each with the learning rate that suits it. */
  readonly optimizers: Readonly<Record<Optimizer, { readonly learningRate: number }>>
  readonly defaults: {
    readonly backend: Backend
    readonly optimizer: Optimizer
    /** Images per step, by default 100. */
    readonly batchSize?: number
    /** Passes over the training images, by default 5. */
    readonly epochs?: number
    /** By default 0. */
    readonly seed?: number
  }
}

/** The options of a training program, all checked. */
export interface TrainingArguments<Backend extends string, Optimizer extends string> {
  readonly backend: Backend
  readonly optimizer: Optimizer
  /** Positive and finite, also in float32. */
  readonly learningRate: number
  /** A positive integer, as are the epochs. */
  readonly batchSize: number
  readonly epochs: number
  /** A non-negative integer. */
  readonly seed: number
  /** Where to save the trained model; its folder exists. */
  readonly save?: string
  /** Folder of the data. */
  readonly data?: string
}

/**
 * Reads the command line of a training program.
 *
 * @param description One sentence for `--help`.
 * @param argv The command line from `node` on, by default that of the process.
 * @throws CliError where an option is unknown, a value makes no sense or `--save` cannot be
 * written; CommanderError with exit code 0 after `--help` (see `run`, which understands both).
 *
 * @example
 * const { backend, optimizer, learningRate } = parseArguments('Trains a network on MNIST.', {
 *   backends: { cpu },
 *   optimizers: {
 *     sgd: { create: sgd, learningRate: 0.5 },
 *     adam: { create: adam, learningRate: 0.001 },
 *   },
 *   defaults: { backend: 'cpu', optimizer: 'sgd' },
 * })
 */
export function parseArguments<Backend extends string, Optimizer extends string>(
  description: string,
  choices: Choices<Backend, Optimizer>,
  argv: readonly string[] = process.argv,
): TrainingArguments<Backend, Optimizer> {
  const command = parseCommand(describeCommand(description, choices), argv)
  const options = command.opts<Options<Backend, Optimizer>>()
  if (options.save !== undefined) checkSavePath(options.save)
  const { learningRate = choices.optimizers[options.optimizer].learningRate } = options
  return { ...options, learningRate }
}

/**
 * Lets a command read the command line.
 *
 * @throws CliError for what it does not understand; CommanderError with exit code 0 after `--help`.
 */
export function parseCommand(command: Command, argv: readonly string[]): Command {
  // Errors are thrown and shown in one place; the parser itself writes only the help.
  command.exitOverride().configureOutput({ writeErr: () => {} })
  try {
    return command.parse([...argv])
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode !== 0) {
      throw new CliError(error.message.replace(/^error: /, ''), { cause: error })
    }
    throw error
  }
}

/** What the parser gives: as the result, but the learning rate's default is still open. */
type Options<Backend extends string, Optimizer extends string> = Omit<
  TrainingArguments<Backend, Optimizer>,
  'learningRate'
> & { readonly learningRate?: number }

function describeCommand<Backend extends string, Optimizer extends string>(
  description: string,
  { backends, optimizers, defaults }: Choices<Backend, Optimizer>,
): Command {
  const { batchSize = 100, epochs = 5, seed = 0 } = defaults
  const rates = Object.entries<{ readonly learningRate: number }>(optimizers)
    .map(([name, { learningRate }]) => `${learningRate} for ${name}`)
    .join(', ')
  return new Command()
    .description(description)
    .addOption(choice('--backend <name>', 'what computes', backends, defaults.backend))
    .addOption(choice('--optimizer <name>', 'update rule', optimizers, defaults.optimizer))
    .option('--learning-rate <number>', `step size (default: ${rates})`, parseLearningRate)
    .option('--batch-size <n>', 'images per step', parsePositiveInteger, batchSize)
    .option('--epochs <n>', 'passes over the training images', parsePositiveInteger, epochs)
    .option('--seed <n>', 'start of all random numbers', parseSeed, seed)
    .option('--save <file>', 'write the trained model to a safetensors file', parsePath)
    .option('--data <dir>', 'folder with the four IDX files, gzipped or not', parsePath)
}

/** An option that takes one of some names. */
export function choice(
  flags: string,
  description: string,
  choices: Readonly<Record<string, unknown>>,
  preset: string,
): Option {
  return new Option(flags, description).choices(Object.keys(choices)).default(preset)
}

function parseLearningRate(text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  // As the training sees it: 1e-50 is positive, but 0 in float32.
  const rounded = Math.fround(value)
  if (!(rounded > 0 && rounded < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError('Wanted a positive finite number.')
  }
  return value
}

export function parsePositiveInteger(text: string): number {
  const value = parseDigits(text)
  if (value === undefined || value === 0) {
    throw new InvalidArgumentError('Wanted a positive integer.')
  }
  return value
}

export function parseSeed(text: string): number {
  const value = parseDigits(text)
  if (value === undefined) throw new InvalidArgumentError('Wanted a non-negative integer.')
  return value
}

export function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('Wanted a path.')
  return text
}

function parseDigits(text: string): number | undefined {
  const value = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined
}
