import { checkBools } from './checks.ts'
import type { TensorEntry } from './header.ts'
import { parseHeader } from './parse-header.ts'
import { quote, SafetensorsError } from './safetensors-error.ts'
import type { SafetensorsFile, SafetensorsTensor } from './tensor.ts'

/**
 * Reads a file in the safetensors format, https://github.com/huggingface/safetensors, and checks
 * all of it: the header, every entry, and that the tensors cover the data without gap or overlap.
 * Files whose data is not aligned are read too, as older writers made them.
 *
 * @param bytes The whole file. The tensors are copies: they keep none of it alive.
 * @throws SafetensorsError where the bytes break the format, saying where.
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
  const tensors = new Map(entries.map((entry) => [entry.name, copyTensor(entry, data)]))
  return { tensors, metadata }
}

/** The tensors must lie end to end, so that no byte belongs to two of them or to none. */
function checkLayout(entries: readonly TensorEntry[], dataLength: number): void {
  let covered = 0
  for (const { name, begin, end } of entries.toSorted(
    (a, b) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== covered) {
      const problem = begin < covered ? 'overlaps the tensor before it' : 'leaves a gap before it'
      throw new SafetensorsError(
        `Tensor ${quote(name)} ${problem}: its data begins at ${begin}, not at ${covered}.`,
      )
    }
    covered = end
  }
  if (covered !== dataLength) {
    const problem = covered > dataLength ? 'the file is truncated' : 'the rest belongs to none'
    throw new SafetensorsError(
      `The tensors take ${covered} bytes and the file holds ${dataLength} after its header: ${problem}.`,
    )
  }
}

function copyTensor(entry: TensorEntry, data: Uint8Array): SafetensorsTensor {
  const { name, dtype, shape, begin, end } = entry
  // A new buffer of its own, because offsets in the file need not be aligned to the elements.
  const bytes = new Uint8Array(data.subarray(begin, end))
  switch (dtype) {
    case 'F32':
      return { dtype: 'float32', shape, data: new Float32Array(bytes.buffer) }
    case 'F64':
      return { dtype: 'float64', shape, data: new Float64Array(bytes.buffer) }
    case 'F16':
      return { dtype: 'float16', shape, data: new Uint16Array(bytes.buffer) }
    case 'I32':
      return { dtype: 'int32', shape, data: new Int32Array(bytes.buffer) }
    case 'U8':
      return { dtype: 'uint8', shape, data: bytes }
    case 'BOOL':
      checkBools(name, bytes)
      return { dtype: 'bool', shape, data: bytes }
    default:
      return { dtype, shape, data: bytes }
  }
}
