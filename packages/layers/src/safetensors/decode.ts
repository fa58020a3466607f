import { checkBools } from './checks.ts'
import { type StoredTensor, takeChecksum } from './checksum.ts'
import { formatNamed } from './dtypes.ts'
import type { TensorEntry } from './header.ts'
import { parseHeader } from './parse-header.ts'
import { quote, SafetensorsError } from './safetensors-error.ts'
import type { SafetensorsFile, SafetensorsTensor } from './tensor.ts'

/**
 * Reads a file in the safetensors format, https://github.com/huggingface/safetensors, and checks
 * all of it: the header, every entry, and that the tensors cover the data without gap or overlap.
 * The checksum that `encodeSafetensors` adds is checked and left out; files without it are read too.
 * Files whose data is not aligned are read too, as older writers made them.
 *
 * @param bytes The whole file. The tensors are copies: they keep none of it alive.
 * @throws SafetensorsError where the bytes break the format, saying where, or their checksum.
 *
 * @example
 * ```ts
 * const bias = { dtype: 'float32', shape: [2], data: new Float32Array([1, 2]) } as const
 * const { tensors } = decodeSafetensors(encodeSafetensors(new Map([['bias', bias]])))
 * const shape = tensors.get('bias')?.shape // [2]
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata, dataStart } = parseHeader(bytes)
  const data = bytes.subarray(dataStart)
  checkLayout(entries, data.byteLength)
  const stored = entries.map((entry) => ({
    ...entry,
    bytes: data.subarray(entry.begin, entry.end),
  }))
  const notes = takeChecksum(metadata, stored)
  return { tensors: new Map(stored.map((each) => [each.name, copyTensor(each)])), metadata: notes }
}

/** The tensors must lie end to end, so that no byte belongs to two of them or to none. */
function checkLayout(entries: readonly TensorEntry[], dataLength: number): void {
  let covered = 0
  for (const { name, begin, end } of entries.toSorted(
    (a, b) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== covered) {
      const problem = begin < covered ? 'overlaps the one before it' : 'leaves a gap before it'
      throw new SafetensorsError(
        `Tensor ${quote(name)} ${problem}: it begins at ${begin}, not at ${covered}.`,
      )
    }
    covered = end
  }
  if (covered !== dataLength) {
    const problem = covered > dataLength ? 'the file is truncated' : 'the rest belongs to none'
    throw new SafetensorsError(`Of ${covered} bytes of data there are ${dataLength}: ${problem}.`)
  }
}

function copyTensor({ name, shape, ...stored }: StoredTensor): SafetensorsTensor {
  const { dtype, array } = formatNamed(stored.dtype)
  // A new buffer of its own, because offsets in the file need not be aligned to the elements.
  const bytes = new Uint8Array(stored.bytes)
  if (dtype === 'bool') checkBools(name, bytes)
  return { dtype, shape, data: new array(bytes.buffer) } as SafetensorsTensor
}
