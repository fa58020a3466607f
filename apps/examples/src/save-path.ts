import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { CliError } from './cli-error.ts'

/**
 * Checks that a file can be written at `path`, before minutes of training end in an error.
 *
 * @throws CliError where it is a folder, its folder is missing, or permission is.
 */
export function checkSavePath(path: string): void {
  const refuse = (problem: string): never => {
    throw new CliError(`cannot save to '${path}': ${problem}`)
  }
  const existing = statOf(path)
  if (existing?.isDirectory() || /[/\\]$/.test(path)) refuse('it is a folder, not a file')
  if (existing && !existing.isFile()) refuse('it is not a regular file')
  if (existing && !isWritable(path)) refuse('permission denied')
  const folder = dirname(resolve(path))
  const parent = statOf(folder)
  if (parent === undefined) refuse(`folder '${folder}' does not exist`)
  if (!parent?.isDirectory()) refuse(`'${folder}' is a file, not a folder`)
  if (!isWritable(folder)) refuse(`no permission to write in '${folder}'`)
}

/** Undefined where there is nothing, or nothing that may be looked at. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
