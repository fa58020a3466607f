/** What went wrong, in the words every error of the framework uses. */
export interface ErrorDetails {
  /** What the call got, for example `a is [2, 3] and b is [4, 5]`. */
  readonly got?: string
  /** What it wanted instead. */
  readonly wanted?: string
  /** What to write instead. */
  readonly hint?: string
  readonly cause?: unknown
}

/**
 * Base of all errors that the framework throws on purpose.
 * The message reads `op: got …; wanted …` with the hint on a line of its own.
 */
export class TensorweftError extends Error {
  override readonly name: string = 'TensorweftError'
  /** Op or function that refused, for example `matmul`. */
  readonly op: string
  readonly got: string | undefined
  readonly wanted: string | undefined
  readonly hint: string | undefined

  constructor(op: string, { got, wanted, hint, cause }: ErrorDetails) {
    const facts = [got ?? [], wanted === undefined ? [] : `wanted ${wanted}`].flat().join('; ')
    const advice = hint === undefined ? '' : `\n  Hint: ${hint}`
    super(`${op}: ${facts}.${advice}`, cause === undefined ? undefined : { cause })
    this.op = op
    this.got = got
    this.wanted = wanted
    this.hint = hint
  }
}

/** Shapes, ranks or axes that do not fit together. */
export class ShapeError extends TensorweftError {
  override readonly name = 'ShapeError'
}

/** A dtype that the op does not take, or two that differ. */
export class DTypeError extends TensorweftError {
  override readonly name = 'DTypeError'
}

/** An attribute or option outside what the function accepts. */
export class ArgumentError extends TensorweftError {
  override readonly name = 'ArgumentError'
}

/** A backend that is missing, unknown, disposed or failing. */
export class BackendError extends TensorweftError {
  override readonly name = 'BackendError'
}

/** A buffer that the backend could not provide. */
export class OutOfMemoryError extends TensorweftError {
  override readonly name = 'OutOfMemoryError'
}

/** A tensor that was used after `dispose()`. */
export class DisposedError extends TensorweftError {
  override readonly name = 'DisposedError'
}

/** A gradient that does not exist or was asked for in a way that has none. */
export class GradientError extends TensorweftError {
  override readonly name = 'GradientError'
}

/** Something that a function under `compile` may not do, such as reading a value. */
export class TraceError extends TensorweftError {
  override readonly name = 'TraceError'
}

/** A NaN or an infinity that an op made while `debug({ checkNumerics: true })` was on. */
export class NumericsError extends TensorweftError {
  override readonly name = 'NumericsError'
}
