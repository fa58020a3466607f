import { key, randomNormal, randomUniform, truncatedNormal } from '@tensorweft/core'
import { type CallSample, sampleCall, valuesOnly } from './call-sample.ts'
import { int32, of } from './inputs.ts'

/** A call without tensors. */
function drawn(
  op: 'randomUniform' | 'randomNormal' | 'truncatedNormal',
  call: () => ReturnType<typeof randomUniform>,
): CallSample {
  return { ...sampleCall(op, [], call), hasGradient: false }
}

export const creationSamples: readonly CallSample[] = [
  valuesOnly('arange', [], 2, 11, 3),
  valuesOnly('arange', [], 3, -2, -1, 'int32'),
  valuesOnly('linspace', [], -1, 2, 7),
  valuesOnly('eye', [], 3),
  valuesOnly('eye', [], 2, 4, 'int32'),
  valuesOnly('zeros', [], [2, 3]),
  valuesOnly('ones', [], [0, 3]),
  valuesOnly('ones', [], [], 'bool'),
  valuesOnly('zerosLike', [of(3)]),
  valuesOnly('onesLike', [int32(2, 1)]),
  drawn('randomUniform', () => randomUniform(key(3), [2, 5], { low: -1, high: 4 })),
  drawn('randomNormal', () => randomNormal(key(4), [11])),
  drawn('truncatedNormal', () => truncatedNormal(key(5), [11])),
]
