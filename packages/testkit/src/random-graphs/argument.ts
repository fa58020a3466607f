/** Plain data among the arguments of an op. */
export type Argument = number | string | boolean | null | readonly Argument[] | Options

/** Arguments by name. */
export interface Options {
  readonly [name: string]: Argument
}
