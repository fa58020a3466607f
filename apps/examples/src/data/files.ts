import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { DataError } from './data-error.ts'

/** A data file as it was found. */
export interface DataFile {
  readonly path: string
  /** The contents, no longer compressed. */
  readonly bytes: Uint8Array
}

/**
 * Finds and reads a file of the MNIST family: `train-images-idx3-ubyte`, also spelled
 * `train-images.idx3-ubyte`, each with or without `.gz`. Whether it is compressed is decided by
 * its contents, as browsers and download tools unpack files without renaming them.
 *
 * @param folder The folder with the four files.
 * @param name The file's name in its first spelling.
 * @throws DataError where the folder or the file is missing, unreadable, or a damaged gzip file.
 */
export async function readDataFile(folder: string, name: string): Promise<DataFile> {
  const path = await findFile(folder, name)
  const bytes = await readWhole(path)
  return { path, bytes: isGzip(bytes) ? await gunzip(bytes, path) : bytes }
}

async function findFile(folder: string, name: string): Promise<string> {
  await checkFolder(folder)
  const spellings = [name, name.replace('-idx', '.idx')]
  for (const candidate of spellings.flatMap((spelling) => [spelling, `${spelling}.gz`])) {
    const path = join(folder, candidate)
    // Some archives hold a folder of the file's name, with the file in it.
    if ((await kindOf(path)) === 'file') return path
  }
  throw new DataError(folder, `has no ${spellings.join(' or ')}, with or without .gz`)
}

async function checkFolder(folder: string): Promise<void> {
  const kind = await kindOf(folder)
  if (kind === undefined) throw new DataError(folder, 'this data folder does not exist')
  if (kind === 'file') throw new DataError(folder, 'this is a file, the data comes from a folder')
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw unreadable(path, cause)
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DataError(path, `cannot be read: ${reason}`, { cause })
}

/** An IDX file starts with two zero bytes, so that the two cannot be confused. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

async function gunzip(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  const stream = createGunzip({ chunkSize: 2 ** 20 })
  stream.end(bytes)
  try {
    const chunks: Uint8Array[] = []
    for await (const chunk of stream) chunks.push(chunk)
    // The decoder itself passes over zeros, and all after them, that follow the compressed data.
    if (stream.bytesWritten !== bytes.byteLength) {
      throw new Error(`${bytes.byteLength - stream.bytesWritten} bytes left over`)
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(path, `corrupt gzip file: ${reason}`, { cause })
  }
}
