import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { open, realpath, rename, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf, FileError, toFileError } from './file-error.ts'

/**
 * Writes a file so that `path` holds, at every moment, the old bytes or all of the new ones, also
 * when the program or the machine stops in between: the bytes go to a temporary file beside it,
 * which is flushed to the disk and then renamed. A failure leaves nothing behind.
 *
 * A symbolic link is followed, and a file that exists keeps its permissions.
 *
 * @throws FileError where the folder is missing or not writable, the disk is full, or `path` is
 * something other than a regular file.
 *
 * @example
 * ```ts no-run
 * await writeFileAtomic('notes.txt', new TextEncoder().encode('trained for 5 epochs'))
 * ```
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const { file, mode } = await findTarget(path)
    await writeThenRename(file, mode, bytes)
  } catch (error) {
    throw toFileError('write', path, error)
  }
}

const modeOfNewFiles = 0o666

/** Renaming would replace a link by a file, and a device such as `/dev/null` as well. */
async function findTarget(path: string): Promise<{ file: string; mode: number }> {
  try {
    const existing = await stat(path)
    if (existing.isDirectory()) throw new FileError('write', path, 'it is a folder')
    if (!existing.isFile()) throw new FileError('write', path, 'it is not a regular file')
    return { file: await realpath(path), mode: existing.mode & 0o777 }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return { file: resolve(path), mode: modeOfNewFiles }
  }
}

async function writeThenRename(file: string, mode: number, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`)
  const remove = () => rmSync(temporary, { force: true })
  // Also where something else ends the program while the file is being written.
  process.once('exit', remove)
  try {
    await writeAndFlush(temporary, mode, bytes)
    await rename(temporary, file)
  } catch (error) {
    remove()
    throw error
  } finally {
    process.removeListener('exit', remove)
  }
}

async function writeAndFlush(path: string, mode: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', mode)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
