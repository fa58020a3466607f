import type { ParameterTree } from '@tensorweft/core'
import {
  decodeSafetensors,
  encodeSafetensors,
  SafetensorsError,
  type SafetensorsFile,
} from '../safetensors/index.ts'
import { takingBack } from '../take-back.ts'
import { readParameters } from '../weights/copy-parameters.ts'
import { assignWeights, checkFit } from '../weights/import-weights.ts'
import { namedParameters } from '../weights/named-parameters.ts'
import { formatHeader, parseHeader } from './checkpoint-header.ts'
import { makeOptimizerState } from './optimizer-state.ts'
import { TrainingError } from './training-error.ts'
import type { TrainingState } from './training-state.ts'

/** The whole state of a training as the bytes of a safetensors file. */
export async function saveTraining<M extends string>(state: TrainingState<M>): Promise<Uint8Array> {
  if (namedParameters(state.objective.model.variables).length === 0) {
    throw new TrainingError('trainer.save', {
      got: 'a model without weights',
      hint: 'call fit, or build(inputShape, key) of the model first',
    })
  }
  const { position, input, means } = state
  const metadata = formatHeader({ position, input, measures: means.names })
  const tensors = await readParameters(parametersOf(state, position.begun !== undefined))
  return encodeSafetensors(tensors, metadata)
}

/** All that has a value on the backend; the means only in the middle of an epoch. */
function parametersOf<M extends string>(
  state: TrainingState<M>,
  isInEpoch: boolean,
): ParameterTree {
  const { objective, optimizer, key, stepCount, orderKey, means } = state
  makeOptimizerState(optimizer, objective.model)
  return {
    model: objective.model.variables,
    optimizer: optimizer.state,
    trainer: { key, stepCount, orderKey, ...(isInEpoch && means.state) },
  }
}

/**
 * Takes over a state that was saved, whole or not at all. What weights a model has shows only once it
 * is built; where they are others, the build is taken back.
 */
export function loadTraining<M extends string>(state: TrainingState<M>, bytes: Uint8Array): void {
  const op = 'trainer.load'
  const { tensors, metadata } = decode(op, bytes)
  const { position, input, measures } = parseHeader(op, metadata)
  const isInEpoch = position.begun !== undefined
  if (isInEpoch) checkMeasures(op, measures, state.means.names)
  takingBack(() => {
    if (input !== undefined) state.build(input)
    const own = new Map([...tensors].filter(([name]) => name.startsWith('model.')))
    checkFit(op, namedParameters({ model: state.objective.model.variables }), own)
  })
  assignWeights(op, { variables: parametersOf(state, isInEpoch) }, tensors)
  if (!isInEpoch) state.means.reset()
  state.position = position
  state.input = input
}

function decode(op: string, bytes: Uint8Array): SafetensorsFile {
  try {
    return decodeSafetensors(bytes)
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error
    throw new SafetensorsError(`${op}: ${error.message}`, { cause: error })
  }
}

/** The sums of an epoch that goes on must be those of the same measures. */
function checkMeasures(op: string, measures: readonly string[], names: readonly string[]): void {
  if (measures.join() === names.join()) return
  throw new TrainingError(op, {
    got: `an epoch that measures ${measures.join(', ')}`,
    wanted: `the metrics of this trainer: ${names.join(', ')}`,
  })
}
