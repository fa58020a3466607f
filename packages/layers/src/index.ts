export { Activation, activation } from './activations/activation.ts'
export { LeakyReLU, type LeakyReLUOptions, leakyRelu } from './activations/leaky-relu.ts'
export type { ActivationFunction, ActivationName } from './activations/named.ts'
/** Rules for `settleOptions` of core, in layers and trainers of one's own. */
export * as optionRules from './check-options.ts'
export { Conv2D, type Conv2DOptions, conv2d } from './convolution/conv2d.ts'
export {
  Conv2DTranspose,
  type Conv2DTransposeOptions,
  conv2dTranspose,
} from './convolution/conv2d-transpose.ts'
export type { Convolution2DOptions } from './convolution/convolution2d.ts'
export { Dense, type DenseOptions, dense } from './dense.ts'
export { Dropout, type DropoutOptions, dropout } from './dropout.ts'
export { Flatten, flatten } from './flatten.ts'
export type { HeightWidth } from './height-width.ts'
export * as initializers from './initializers/index.ts'
export type { Initializer } from './initializers/initializer.ts'
export type { InitializerName } from './initializers/named.ts'
export { accuracy } from './metrics/accuracy.ts'
export { type BinaryAccuracyOptions, binaryAccuracy } from './metrics/binary-accuracy.ts'
export type { Labels, Metric } from './metrics/metric.ts'
export { RunningMeans, runningMeans } from './metrics/running-means.ts'
export {
  type TopKCategoricalAccuracyOptions,
  topKCategoricalAccuracy,
} from './metrics/top-k-categorical-accuracy.ts'
export {
  BatchNormalization,
  type BatchNormalizationOptions,
  batchNormalization,
} from './normalization/batch-normalization.ts'
export {
  LayerNormalization,
  type LayerNormalizationOptions,
  layerNormalization,
} from './normalization/layer-normalization.ts'
export { AveragePooling2D, averagePooling2d } from './pooling/average-pooling2d.ts'
export {
  GlobalAveragePooling2D,
  globalAveragePooling2d,
} from './pooling/global-average-pooling2d.ts'
export { MaxPooling2D, maxPooling2d } from './pooling/max-pooling2d.ts'
export type { Pooling2DOptions } from './pooling/pooling2d.ts'
export { Reshape, type ReshapeOptions, reshape } from './reshape.ts'
export * from './safetensors/index.ts'
export { Sequential, sequential } from './sequential.ts'
export { type AbortSignalLike, throwIfAborted, untilAborted } from './training/abort.ts'
export type { TrainingCallback, TrainingEnd, TrainingEvent } from './training/callback.ts'
export type { ClassWeight } from './training/class-weight.ts'
export type {
  Batches,
  BatchesOfEpoch,
  Dataset,
  PredictionInputs,
  Samples,
  ShapedArray,
  TrainingData,
} from './training/data.ts'
export { type EarlyStoppingOptions, earlyStopping } from './training/early-stopping.ts'
export { ensureBuilt, type InputSpec } from './training/ensure-built.ts'
export type { FitResult } from './training/fit.ts'
export type { FitOptions, OnNonFinite } from './training/fit-options.ts'
export { keyOfStep } from './training/key-of-step.ts'
export type { EvaluationLogs, History, Logs, ValidationName } from './training/logs.ts'
export type { LossFunction } from './training/loss.ts'
export {
  type CheckpointOptions,
  type ModelCheckpointOptions,
  modelCheckpoint,
} from './training/model-checkpoint.ts'
export type { MonitorMode, MonitorOptions } from './training/monitor.ts'
export { makeOptimizerState } from './training/optimizer-state.ts'
export { type KeyWords, orderOfEpoch, permutation } from './training/permutation.ts'
export { type ProgressBarOptions, progressBar } from './training/progress-bar.ts'
export { StepsInFlight } from './training/steps-in-flight.ts'
export {
  type EvaluateOptions,
  type PredictOptions,
  Trainer,
  trainer,
} from './training/trainer.ts'
export { NonFiniteError, TrainingError } from './training/training-error.ts'
export type { TrainerOptions } from './training/training-state.ts'
export { UpSampling2D, type UpSampling2DOptions, upSampling2d } from './up-sampling2d.ts'
export { exportWeights, type WithVariables } from './weights/export-weights.ts'
export { importWeights } from './weights/import-weights.ts'
export { WeightsError } from './weights/weights-error.ts'
