import {
  argumentError,
  type BadCall,
  type BadCalls,
  dtypeError,
  floats,
  notAnOption,
  notATensor,
  notAxes,
  ofDTypes,
  shapeError,
  values,
  withArgument,
} from './bad-call.testing.ts'

const noFloats = ['int32', 'uint8', 'bool'] as const
const wrongEpsilons: readonly unknown[] = [-1, Number.NaN, '0.001', null]

const x = floats(2, 3)
const images = floats(2, 4, 3)
const weight = floats(3)

/** What cannot be a weight [3] that may be left out. */
function notAWeight(args: readonly unknown[], position: number, name: string): BadCall[] {
  return [
    ...notATensor(args, position, name).filter((call) => call.args[position] !== undefined),
    shapeError(withArgument(args, position, floats(2)), `${name} is [2]`, `${name} [3]`),
    shapeError(withArgument(args, position, floats(1, 3)), `${name} is [1, 3]`),
    dtypeError(withArgument(args, position, values('float64', 3)), 'float32', 'float64', 'cast'),
    dtypeError(withArgument(args, position, values('int32', 3)), 'float32', 'int32', 'cast'),
  ]
}

function ofFloats(args: readonly unknown[]): BadCall[] {
  return [...notATensor(args, 0, 'x'), ...ofDTypes(args, 0, noFloats, 'x is', 'cast')]
}

const batch = [x, weight, weight, weight, weight]
const group = { groups: 3 }

export const normalizationCalls: BadCalls = {
  batchNorm: [
    ...ofFloats(batch),
    shapeError(batch.with(0, weight), 'x is [3]', '[batch, …spatial, channels]'),
    ...(['gamma', 'beta', 'runningMean', 'runningVariance'] as const).flatMap((name, i) =>
      notAWeight(batch, i + 1, name),
    ),
    argumentError(batch.slice(0, 3), 'runningMean is undefined', 'a tensor'),
    argumentError(batch.slice(0, 4), 'runningVariance is undefined', 'a tensor'),
    ...notAnOption(batch, 5, 'epsilon', wrongEpsilons),
    ...notAnOption(batch, 5, 'momentum', [-0.1, 1.1, Number.NaN, '0.9', null]),
  ],
  layerNorm: [
    ...ofFloats([x]),
    ...notAxes([x, undefined, undefined], 3).map((call) => ({
      ...call,
      args: call.args.with(3, { axes: call.args[3] }),
    })),
    ...notAWeight([x, weight, weight], 1, 'gamma'),
    ...notAWeight([x, weight, weight], 2, 'beta'),
    ...notAnOption([x, weight, weight], 3, 'epsilon', wrongEpsilons),
  ],
  rmsNorm: [
    ...ofFloats([x]),
    ...notAxes([x, undefined], 2).map((call) => ({
      ...call,
      args: call.args.with(2, { axes: call.args[2] }),
    })),
    ...notAWeight([x, weight], 1, 'gamma'),
    ...notAnOption([x, weight], 2, 'epsilon', wrongEpsilons),
  ],
  groupNorm: [
    ...ofFloats([x, weight, weight, group]),
    shapeError([weight, weight, weight, group], 'x is [3]', '[batch, …spatial, channels]'),
    ...notAWeight([x, weight, weight, group], 1, 'gamma'),
    ...notAWeight([x, weight, weight, group], 2, 'beta'),
    ...notAnOption([x, weight, weight], 3, 'groups', [0, 2, -1, 1.5, Number.NaN, undefined, '3']),
    argumentError([x, weight, weight], 'groups', 'a positive integer'),
    ...notAnOption([x, weight, weight], 3, 'epsilon', wrongEpsilons, group),
  ],
  instanceNorm: [
    ...ofFloats([images]),
    shapeError([x], 'x is [2, 3]', 'at least one spatial axis'),
    ...notAWeight([images, weight, weight], 1, 'gamma'),
    ...notAWeight([images, weight, weight], 2, 'beta'),
    ...notAnOption([images, weight, weight], 3, 'epsilon', wrongEpsilons),
  ],
}
