export const architectures = ['mlp', 'conv'] as const
export type Architecture = (typeof architectures)[number]

export const optimizers = ['sgd', 'momentum', 'adam'] as const
export type OptimizerName = (typeof optimizers)[number]

/** What may be chosen before a training begins; the page shows it, the worker builds from it. */
export interface DigitSettings {
  readonly architecture: Architecture
  readonly optimizer: OptimizerName
  readonly learningRate: number
  readonly batchSize: number
}

export const defaultSettings: DigitSettings = {
  architecture: 'mlp',
  optimizer: 'adam',
  learningRate: 0.001,
  batchSize: 128,
}

/** Whether what a file says are settings. */
export function isDigitSettings(value: unknown): value is DigitSettings {
  if (typeof value !== 'object' || value === null) return false
  const { architecture, optimizer, learningRate, batchSize }: Partial<DigitSettings> = value
  return (
    architectures.some((known) => known === architecture) &&
    optimizers.some((known) => known === optimizer) &&
    Number.isFinite(learningRate) &&
    Number(learningRate) > 0 &&
    Number.isSafeInteger(batchSize) &&
    Number(batchSize) > 0
  )
}
