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
 * ```ts no-run
 * const { tensors } = await readSafetensorsFile('mnist.safetensors')
 * const names = [...tensors.keys()]
 * ```
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
 * ```ts no-run
 * const bias = { dtype: 'float32', shape: [2], data: new Float32Array([1, 2]) } as const
 * await writeSafetensorsFile('mnist.safetensors', new Map([['bias', bias]]), { epochs: '5' })
 * ```
 */
export async function writeSafetensorsFile(
  path: string,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata))
}
