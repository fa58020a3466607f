import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type SafetensorsFile,
  type SafetensorsTensor,
} from '../safetensors/index.ts'
import { readBytes } from './read-file.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/**
 * Reads a safetensors file.
 *
 * @throws FileError where it cannot be read, SafetensorsError where it is damaged; both name it.
 *
 * @example
 * const { tensors } = await readSafetensorsFile('mnist.safetensors')
 */
export async function readSafetensorsFile(path: string): Promise<SafetensorsFile> {
  const bytes = await readBytes(path)
  try {
    return decodeSafetensors(bytes)
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error
    throw new SafetensorsError(`${path}: ${error.message}`, { cause: error })
  }
}

/**
 * Writes a safetensors file, whole or not at all (see {@link writeFileAtomic}).
 *
 * @param tensors Tensors by name, row-major.
 * @param metadata Free text about the file.
 * @throws FileError where it cannot be written, SafetensorsError where the tensors do not fit the
 * format; then the file is as it was.
 *
 * @example
 * await writeSafetensorsFile('mnist.safetensors', tensors, { epochs: '5' })
 */
export async function writeSafetensorsFile(
  path: string,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata))
}
