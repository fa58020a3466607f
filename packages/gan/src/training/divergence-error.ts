import { TrainingError } from '@tensorweft/layers'

/** Losses or gradients that are NaN or infinite. */
export class DivergenceError extends TrainingError {
  override readonly name = 'DivergenceError'
  /** The step of the report in which it was seen; it may have come about since the one before. */
  readonly step: number

  constructor(measure: string, value: number, step: number) {
    super('GanTrainer.train', {
      got: `${measure} ${value} in step ${step}`,
      wanted: 'a finite number',
      hint: 'load the last file that was saved; then lower both learning rates, clip gradients (globalClipNorm), or use hinge() or wasserstein()',
    })
    this.step = step
  }
}
