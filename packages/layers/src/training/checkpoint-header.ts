import { type DType, dtypes } from '@tensorweft/core'
import type { InputSpec } from './ensure-built.ts'
import type { KeyWords } from './permutation.ts'
import type { BegunEpoch, Position } from './position.ts'
import { TrainingError } from './training-error.ts'

/** What a checkpoint says beside its tensors. */
export interface CheckpointHeader {
  readonly position: Position
  /** What the model is applied to. */
  readonly input: InputSpec | undefined
  /** What the running means are of. */
  readonly measures: readonly string[]
}

const format = 'tensorweft-training'
const version = '1'

/** The header as metadata of a safetensors file. */
export function formatHeader(header: CheckpointHeader): Record<string, string> {
  return { format, version, training: JSON.stringify(header) }
}

/**
 * Reads the metadata of a checkpoint.
 *
 * @throws TrainingError for that of another file.
 */
export function parseHeader(
  op: string,
  metadata: Readonly<Record<string, string>>,
): CheckpointHeader {
  const { format: found, version: foundVersion } = metadata
  if (found !== format) {
    throw new TrainingError(op, {
      got: `a safetensors file ${found === undefined ? 'of no format' : `of format '${found}'`}`,
      wanted: `'${format}', as trainer.save writes it`,
      hint: 'weights alone are loaded with importWeights(model, bytes)',
    })
  }
  if (foundVersion !== version) {
    throw new TrainingError(op, {
      got: `version ${foundVersion} of the format`,
      wanted: `version ${version}`,
      hint: 'load it with the release that wrote it',
    })
  }
  const header = readHeader(parseJson(metadata.training))
  if (header !== undefined) return header
  throw new TrainingError(op, {
    got: `metadata that make no sense: ${String(metadata.training).slice(0, 80)}`,
    wanted: 'those that trainer.save writes',
  })
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

function readHeader(value: unknown): CheckpointHeader | undefined {
  if (!isRecord(value)) return undefined
  const position = readPosition(value.position)
  const input = value.input === undefined ? undefined : readInput(value.input)
  const isComplete = position && (value.input === undefined || input) && isNames(value.measures)
  return isComplete ? { position, input, measures: value.measures as string[] } : undefined
}

function readPosition(value: unknown): Position | undefined {
  if (!isRecord(value) || !isCount(value.epochs)) return undefined
  if (value.begun === undefined) return { epochs: value.epochs }
  const begun = readBegun(value.begun)
  return begun && { epochs: value.epochs, begun }
}

function readBegun(value: unknown): BegunEpoch | undefined {
  if (!isRecord(value)) return undefined
  const { steps, samples, sampleCount, order } = value
  if (!isCount(steps) || !isCount(samples)) return undefined
  if (sampleCount !== undefined && !(isCount(sampleCount) && samples <= sampleCount)) {
    return undefined
  }
  if (order !== undefined && !isKeyWords(order)) return undefined
  return { steps, samples, ...(isCount(sampleCount) && { sampleCount }), ...(order && { order }) }
}

function readInput(value: unknown): InputSpec | undefined {
  if (!isRecord(value) || !Array.isArray(value.shape) || !value.shape.every(isCount)) {
    return undefined
  }
  const { shape, dtype } = value
  return isDType(dtype) ? { shape, dtype } : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function isKeyWords(value: unknown): value is KeyWords {
  return Array.isArray(value) && value.length === 2 && value.every((word) => word === (word | 0))
}

function isDType(value: unknown): value is DType {
  return dtypes.some((dtype) => dtype === value)
}
