import { ArgumentError, key, tensor, zeros } from '@tensorweft/core'
import { sgd } from '@tensorweft/optimizers'
import { describe, expect, test } from 'vitest'
import {
  accuracy,
  activation,
  averagePooling2d,
  batchNormalization,
  binaryAccuracy,
  conv2d,
  conv2dTranspose,
  dense,
  dropout,
  earlyStopping,
  initializers,
  layerNormalization,
  leakyRelu,
  maxPooling2d,
  modelCheckpoint,
  progressBar,
  reshape,
  runningMeans,
  sequential,
  topKCategoricalAccuracy,
  trainer,
  upSampling2d,
} from './index.ts'

/** As a program in JavaScript calls it. */
type Untyped = (...args: never[]) => unknown
type Row = readonly [make: Untyped, args: readonly unknown[], message: string | RegExp]

const convolution = { filters: 2, kernelSize: 3 }
const trained = { model: dense({ units: 1 }), loss: () => zeros([]), optimizer: sgd() }
const pairs = "'valid', 'same' or [[top, bottom], [left, right]]"
const sizes = 'a positive integer, or [height, width] of them'

const noOptions: readonly Row[] = [
  [dense, [], 'dense: options undefined; wanted { units }'],
  [dense, [null], 'dense: options null; wanted { units }'],
  [dense, [10], 'dense: options 10; wanted { units }'],
  [conv2d, [], /conv2d: options undefined; wanted { filters, kernelSize, .*}/],
  [conv2dTranspose, [32, 3], /conv2dTranspose: options 32; wanted { filters, kernelSize, .*}/],
  [dropout, [0.5], 'dropout: options 0.5; wanted { rate }'],
  [reshape, [[7, 7]], 'reshape: options [7, 7]; wanted { targetShape }'],
  [maxPooling2d, [2], 'maxPooling2d: options 2; wanted { poolSize, strides, padding }'],
  [averagePooling2d, [null], 'averagePooling2d: options null'],
  [upSampling2d, ['2'], "upSampling2d: options '2'; wanted { size, interpolation }"],
  [leakyRelu, [0.2], 'leakyRelu: options 0.2; wanted { negativeSlope }'],
  [batchNormalization, [null], 'batchNormalization: options null'],
  [layerNormalization, [Promise.resolve({})], 'layerNormalization: options object; wanted { axis'],
  [trainer, [], 'trainer: options undefined; wanted { model, loss, optimizer'],
  [earlyStopping, [3], 'earlyStopping: options 3; wanted { patience'],
  [modelCheckpoint, [], 'modelCheckpoint: options undefined; wanted { write'],
  [progressBar, [() => {}], 'progressBar: options function; wanted { write }'],
  [binaryAccuracy, [0], 'binaryAccuracy: options 0; wanted { threshold }'],
  [topKCategoricalAccuracy, [3], 'topKCategoricalAccuracy: options 3; wanted { k }'],
  [initializers.varianceScaling, [2], 'varianceScaling: options 2; wanted { scale'],
]

const wrongNumbers: readonly Row[] = [
  [dense, [{}], 'dense: units undefined; wanted a positive integer'],
  [dense, [{ units: '10' }], "dense: units '10'; wanted a positive integer"],
  [dropout, [{ rate: '0.5' }], "dropout: rate '0.5'; wanted a number in [0, 1)"],
  [dropout, [{}], 'dropout: rate undefined'],
  [leakyRelu, [{ negativeSlope: '0.1' }], "leakyRelu: negativeSlope '0.1'; wanted a finite number"],
  [batchNormalization, [{ epsilon: '1' }], "batchNormalization: epsilon '1'; wanted a finite"],
  [
    batchNormalization,
    [{ momentum: '0.9' }],
    "batchNormalization: momentum '0.9'; wanted a number",
  ],
  [batchNormalization, [{ axis: 0.5 }], 'batchNormalization: axis 0.5; wanted -1'],
  [
    batchNormalization,
    [{ axis: 1 }],
    'batchNormalization: axis 1; wanted -1: channels are the last',
  ],
  [layerNormalization, [{ epsilon: null }], 'layerNormalization: epsilon null'],
  [
    layerNormalization,
    [{ axis: 0.5 }],
    'layerNormalization: axis 0.5; wanted an integer, or a list',
  ],
  [layerNormalization, [{ axis: 'x' }], "layerNormalization: axis 'x'"],
  [layerNormalization, [{ axis: [1, '2'] }], "layerNormalization: axis [1, '2']"],
  [topKCategoricalAccuracy, [{ k: '2' }], "topKCategoricalAccuracy: k '2'"],
  [binaryAccuracy, [{ threshold: '0' }], "binaryAccuracy: threshold '0'; wanted a finite number"],
  [initializers.varianceScaling, [{ scale: '2' }], "varianceScaling: scale '2'"],
]

const wrongWindows: readonly Row[] = [
  [conv2d, [{ filters: 2 }], `conv2d: kernelSize undefined; wanted ${sizes}`],
  [conv2d, [{ ...convolution, kernelSize: '3' }], `conv2d: kernelSize '3'; wanted ${sizes}`],
  [conv2d, [{ ...convolution, kernelSize: null }], 'conv2d: kernelSize null'],
  [conv2dTranspose, [{ ...convolution, strides: '2' }], "conv2dTranspose: strides '2'"],
  [conv2d, [{ ...convolution, groups: '2' }], "conv2d: groups '2'; wanted a positive integer"],
  [conv2d, [{ ...convolution, padding: 'full' }], `conv2d: padding 'full'; wanted ${pairs}`],
  [
    conv2dTranspose,
    [{ ...convolution, padding: 1 }],
    `conv2dTranspose: padding 1; wanted ${pairs}`,
  ],
  [conv2d, [{ ...convolution, padding: [1, 1] }], 'conv2d: padding [1, 1]'],
  [conv2d, [{ ...convolution, padding: [[0, 1], [-1]] }], 'conv2d: padding [[0, 1], [-1]]'],
  [maxPooling2d, [{ padding: 'full' }], `maxPooling2d: padding 'full'; wanted ${pairs}`],
  [averagePooling2d, [{ poolSize: '2' }], `averagePooling2d: poolSize '2'; wanted ${sizes}`],
  [maxPooling2d, [{ strides: [1, 2, 3] }], `maxPooling2d: strides [1, 2, 3]; wanted ${sizes}`],
  [upSampling2d, [{ size: 0 }], 'upSampling2d: size 0'],
  [upSampling2d, [{ interpolation: 'cubic' }], "interpolation 'cubic'; wanted one of nearest"],
]

const wrongNames: readonly Row[] = [
  [activation, [], /activation: activation undefined; wanted one of linear, relu, .*or a function/],
  [dense, [{ units: 1, activation: 'toString' }], "dense: activation 'toString'; wanted one of"],
  [dense, [{ units: 1, biasInitializer: null }], 'dense: biasInitializer null; wanted one of'],
  [
    batchNormalization,
    [{ movingMeanInitializer: 'one' }],
    "movingMeanInitializer 'one'; wanted one",
  ],
]

const wrongShapes: readonly Row[] = [[-2], [1.5], 'x', undefined, [2, -1, -1], ['3']].map(
  (targetShape) => [
    reshape,
    [{ targetShape }],
    /^reshape: targetShape .+; wanted a list of integers from 0, or -1 once/,
  ],
)

const wrongModels: readonly Row[] = [
  [sequential, [3], 'sequential: layers[0] 3; wanted a layer, such as sequential(a, b)'],
  [sequential, [dense({ units: 1 }), dense], 'sequential: layers[1] function; wanted a layer'],
  [sequential, [[dense({ units: 1 })]], 'sequential: layers[0] [object]; wanted a layer'],
  [trainer, [{}], 'trainer: model undefined; wanted a layer, such as'],
  [trainer, [{ model: 3 }], 'trainer: model 3; wanted a layer'],
  [trainer, [{ ...trained, loss: 'mse' }], "trainer: loss 'mse'; wanted a function"],
  [trainer, [{ ...trained, optimizer: 'adam' }], "trainer: optimizer 'adam'; wanted an optimizer"],
  [trainer, [{ ...trained, optimizer: null }], 'trainer: optimizer null; wanted an optimizer'],
  [
    trainer,
    [{ ...trained, metrics: [accuracy] }],
    'trainer: metrics [function]; wanted functions by',
  ],
  [trainer, [{ ...trained, metrics: { accuracy: 'yes' } }], 'trainer: metrics object; wanted'],
  [trainer, [{ ...trained, key: 7 }], 'trainer: key 7; wanted a tensor'],
]

const wrongCallbacks: readonly Row[] = [
  [earlyStopping, [{ monitor: 3 }], 'earlyStopping: monitor 3; wanted a string'],
  [earlyStopping, [{ patience: '2' }], "earlyStopping: patience '2'; wanted an integer from 0"],
  [earlyStopping, [{ minDelta: '0' }], "earlyStopping: minDelta '0'"],
  [modelCheckpoint, [{ write: 'file' }], "modelCheckpoint: write 'file'; wanted a function"],
  [modelCheckpoint, [{ write: () => {}, everySteps: 0 }], 'modelCheckpoint: everySteps 0'],
  [progressBar, [{ write: 'stderr' }], "progressBar: write 'stderr'; wanted a function"],
  [runningMeans, ['a', 'a'], "runningMeans: the name 'a' twice; wanted names that differ"],
]

const wrongTensors: readonly Row[] = [
  [accuracy, [], 'accuracy: predictions undefined; wanted a tensor'],
  [accuracy, [3, 4], 'accuracy: predictions 3; wanted a tensor'],
  [accuracy, [tensor([[1, 2]]), [0]], 'accuracy: labels [0]; wanted a tensor'],
  [binaryAccuracy(), [[1], [1]], 'binaryAccuracy: predictions [1]; wanted a tensor'],
  [topKCategoricalAccuracy(), [3, 4], 'topKCategoricalAccuracy: predictions 3; wanted a tensor'],
]

describe.each([
  ['no options', noOptions],
  ['numbers', wrongNumbers],
  ['windows', wrongWindows],
  ['names', wrongNames],
  ['shapes', wrongShapes],
  ['models', wrongModels],
  ['callbacks', wrongCallbacks],
  ['tensors', wrongTensors],
])('refused in the words of the call: %s', (_, rows) => {
  test.each(rows)('%o %j', (make, args, message) => {
    const call = () => make(...(args as never[]))
    expect(call).toThrow(ArgumentError)
    expect(call).toThrow(message)
  })
})

describe('fit, evaluate and predict refuse', () => {
  const data = { x: zeros([2, 3]), y: zeros([2, 1]) }
  test.each([
    ['fit', 3, 'fit: options 3; wanted { epochs'],
    ['fit', { seed: '1' }, "fit: seed '1'; wanted an integer from 0"],
    ['evaluate', null, 'evaluate: options null; wanted { batchSize, steps }'],
    ['evaluate', { steps: 0 }, 'evaluate: steps 0; wanted a positive integer'],
    ['predict', 32, 'predict: options 32; wanted { batchSize }'],
  ] as const)('%s with %j', async (method, options, message) => {
    const made = trainer(trained)
    const refused = made[method](data as never, options as never)
    await expect(refused).rejects.toThrow(ArgumentError)
    await expect(refused).rejects.toThrow(message)
  })
})

test('good calls work, and an option that is undefined has its default', () => {
  const image = [8, 8, 2]
  const padded = {
    ...convolution,
    padding: [
      [1, 1],
      [0, 2],
    ],
  } as const
  expect(conv2d(padded).build(image, key(0))).toEqual([8, 8, 2])
  expect(conv2dTranspose({ ...convolution, strides: 2 }).build(image, key(0))).toEqual([17, 17, 2])
  expect(maxPooling2d({ poolSize: [2, 4], strides: undefined }).build(image)).toEqual([4, 2, 2])
  expect(averagePooling2d({ padding: 'same' }).build(image)).toEqual([4, 4, 2])
  expect(reshape({ targetShape: [4, -1] }).build(image)).toEqual([4, 32])
  expect(batchNormalization({ axis: -1, epsilon: 0 }).build([3], key(0))).toEqual([3])
  expect(layerNormalization({ axis: [1, -1] }).build([3, 4], key(0))).toEqual([3, 4])
  expect(dropout(Object.assign(Object.create(null), { rate: 0 })).config).toMatchObject({ rate: 0 })
  expect(trainer({ ...trained, metrics: undefined, key: undefined }).epoch).toBe(0)
  expect(sequential(dense({ units: 4 }), leakyRelu()).build([2], key(0))).toEqual([4])
})
