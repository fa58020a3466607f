import { decodeSafetensors, encodeSafetensors } from 'tensorweft/layers'
import { type DigitSettings, isDigitSettings } from './digit-settings.ts'
import { createDigitTraining, type DigitTraining } from './digit-training.ts'

const settingsKey = 'settings'

/**
 * A whole training as the bytes of a safetensors file: what the trainer saves, and the settings with
 * which it was made.
 */
export async function saveCheckpoint({ trainer, settings }: DigitTraining): Promise<Uint8Array> {
  const { tensors, metadata } = decodeSafetensors(await trainer.save())
  return encodeSafetensors(tensors, { ...metadata, [settingsKey]: JSON.stringify(settings) })
}

/**
 * The training that `saveCheckpoint` saved, at the same step.
 *
 * @throws SafetensorsError for damaged bytes, Error for another kind of file.
 */
export function loadCheckpoint(bytes: Uint8Array): DigitTraining {
  const training = createDigitTraining(settingsOf(decodeSafetensors(bytes).metadata))
  training.trainer.load(bytes)
  return training
}

function settingsOf(metadata: Readonly<Record<string, string>>): DigitSettings {
  const settings = parsed(metadata[settingsKey])
  if (isDigitSettings(settings)) return settings
  throw new Error('these are not the weights of a training that was saved here')
}

function parsed(json = 'null'): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
