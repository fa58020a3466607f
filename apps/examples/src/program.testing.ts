import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What came of a program that was run in a process of its own. */
export interface Outcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly elapsedMs: number
}

/** A program that runs; a signal that comes after its end reaches nobody. */
export interface RunningProgram {
  kill(signal: NodeJS.Signals): boolean
}

type OnOutput = (program: RunningProgram, stdout: string) => void

/**
 * Runs TypeScript as a program. It can use the functions of the modules beside this file by name.
 *
 * @param modules Names of modules and what is imported from them: `{ run: ['run'] }`.
 * @param onOutput Called with the program and its output so far after each piece of its output.
 */
export async function runProgram(
  modules: Readonly<Record<string, readonly string[]>>,
  body: string,
  onOutput: OnOutput = () => {},
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'tensorweft-program-'))
  const imports = Object.entries(modules).map(([file, names]) => {
    const url = new URL(`./${file}.ts`, import.meta.url)
    return `import { ${names.join(', ')} } from '${url}'`
  })
  const path = join(folder, 'program.mts')
  writeFileSync(path, [...imports, body].join('\n'))
  try {
    return await runFile(path, onOutput)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Runs one of the programs beside this file, on the sources of the packages.
 *
 * @param onOutput Called with the program and its output so far after each piece of its output.
 */
export function runExample(
  name: string,
  args: readonly string[],
  onOutput: OnOutput = () => {},
): Promise<Outcome> {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  return runFile(path, onOutput, args)
}

function runFile(path: string, onOutput: OnOutput, args: readonly string[] = []): Promise<Outcome> {
  const start = performance.now()
  const child = spawn(process.execPath, ['--conditions=@tensorweft/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: Buffer) => {
    stdout += String(text)
    onOutput(child, stdout)
  })
  child.stderr.on('data', (text: Buffer) => {
    stderr += String(text)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => {
      resolve({ exitCode, stdout, stderr, elapsedMs: performance.now() - start })
    })
  })
}
