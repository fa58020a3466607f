import { type FileHandle, open } from 'node:fs/promises'
import { toFileError } from './file-error.ts'

/** Node reads and allocates at most 2 GiB at once, but model files may be larger. */
const maximumChunk = 2 ** 30

/**
 * Reads a whole file of any size.
 *
 * @throws FileError where it does not exist or cannot be read.
 */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const handle = await open(path, 'r')
    try {
      return await readAll(handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw toFileError('read', path, error)
  }
}

async function readAll(handle: FileHandle): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await handle.stat()
  const bytes = new Uint8Array(size)
  let offset = 0
  while (offset < size) {
    const length = Math.min(size - offset, maximumChunk)
    const { bytesRead } = await handle.read(bytes, offset, length, offset)
    if (bytesRead === 0) break
    offset += bytesRead
  }
  return bytes.subarray(0, offset)
}
