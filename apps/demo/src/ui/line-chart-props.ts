export interface LineSeries {
  readonly label: string
  /** A custom property, `--accent` for the main line. */
  readonly colour: string
  /** One per x; null where there is none. */
  readonly values: readonly (number | null)[]
  /** Few values, far apart, shown as dots that a line connects. */
  readonly dots?: boolean
  /** Whether the line breaks where there is no value. */
  readonly gaps?: boolean
}

/** Something that happened at an x. */
export interface Mark {
  readonly at: number
  readonly label: string
}

export interface LineChartProps {
  readonly title: string
  /** Rising. */
  readonly x: readonly number[]
  /** What x counts. */
  readonly xLabel: string
  readonly series: readonly LineSeries[]
  readonly marks?: readonly Mark[]
  /** Lowest y; by default what the values need. */
  readonly low?: number
  /** Highest y; by default what the values need. */
  readonly high?: number
  /** Whether y is drawn on a logarithmic scale. */
  readonly logarithmic?: boolean
  /** How values are written, by default with three digits. */
  format?(value: number): string
  /** How they are written beside the y axis, by default shorter. */
  tick?(value: number): string
}
