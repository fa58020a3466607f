import { TensorweftError } from '@tensorweft/core'

/** Training that cannot begin or go on: data that ran out, a trainer in use, a foreign file. */
export class TrainingError extends TensorweftError {
  override readonly name: string = 'TrainingError'
}

/** A loss that is NaN or infinite. The epoch counts from 1, the step within it too. */
export class NonFiniteError extends TrainingError {
  override readonly name = 'NonFiniteError'
  readonly epoch: number
  /** The step after which it was seen; it may have come about before. */
  readonly step: number

  constructor(loss: number, epoch: number, step: number) {
    super('fit', {
      got: `a mean loss of ${loss} in epoch ${epoch}, seen after its step ${step}`,
      wanted: 'a finite number',
      hint:
        'lower the learning rate, clip gradients, look for labels outside of the classes, ' +
        "or pass onNonFinite: 'stop' or 'ignore'",
    })
    this.epoch = epoch
    this.step = step
  }
}
