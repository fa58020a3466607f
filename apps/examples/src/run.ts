import { constants } from 'node:os'
import { inspect } from 'node:util'
import { CommanderError } from 'commander'

/** Errors that tell the user what to change, by name, as each package has classes of its own. */
const explained: ReadonlySet<string> = new Set([
  'ArgumentError',
  'BackendError',
  'CliError',
  'DTypeError',
  'DataError',
  'DivergenceError',
  'FileError',
  'OutOfMemoryError',
  'SafetensorsError',
  'ShapeError',
  'TrainingError',
])

/**
 * Runs a program. An error that explains itself becomes one line on stderr, any other keeps its
 * stack; both give exit code 1. After `--help` the program ends as a success.
 *
 * @example
 * await run(async () => {
 *   const { epochs } = parseArguments('Trains a network.', choices)
 * })
 */
export async function run(main: () => Promise<void>): Promise<void> {
  process.stdout.on('error', endWithoutReader)
  try {
    await main()
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return
    process.stderr.write(`${describeError(error)}\n`)
    endSoon(1)
  }
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`
  if (explained.has(error.name)) return `error: ${error.message.replace(/\s*[\r\n]+\s*/g, ' ')}`
  return inspect(error)
}

/** Lets the output drain, but does not wait for workers that the failed program left running. */
function endSoon(exitCode: number): void {
  process.exitCode = exitCode
  setTimeout(() => process.exit(exitCode), 500).unref()
}

/** The reader of a pipe has gone, as in `… | head -3`: no error worth a stack. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(128 + constants.signals.SIGPIPE)
}
