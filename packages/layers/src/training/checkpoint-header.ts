import { dtypes } from '@tensorweft/core'
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
  const header = parseJson(metadata.training ?? '')
  if (metadata.format === format && metadata.version === version && isHeader(header)) return header
  throw new TrainingError(op, {
    got: `a file with metadata ${JSON.stringify(metadata).slice(0, 120)}`,
    wanted: `format '${format}', version ${version}, as trainer.save writes it`,
    hint: 'weights alone are loaded with importWeights(model, bytes)',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isHeader(value: unknown): value is CheckpointHeader {
  return (
    isRecord(value) &&
    isPosition(value.position) &&
    (value.input === undefined || isInput(value.input)) &&
    isArrayOf(value.measures, (name) => typeof name === 'string')
  )
}

function isPosition(value: unknown): value is Position {
  return (
    isRecord(value) && isCount(value.epochs) && (value.begun === undefined || isBegun(value.begun))
  )
}

function isBegun(value: unknown): value is BegunEpoch {
  if (!isRecord(value)) return false
  const { steps, samples, sampleCount = samples, order = [0, 0] } = value
  const areCounts = isCount(steps) && isCount(samples) && isCount(sampleCount)
  return areCounts && samples <= sampleCount && isKeyWords(order)
}

function isInput(value: unknown): value is InputSpec {
  return (
    isRecord(value) &&
    isArrayOf(value.shape, isCount) &&
    dtypes.some((dtype) => dtype === value.dtype)
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isArrayOf(value: unknown, isItem: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isItem)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isKeyWords(value: unknown): value is KeyWords {
  return isArrayOf(value, (word) => word === (Number(word) | 0)) && value.length === 2
}
