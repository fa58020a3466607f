/** One measured subject of one case, as `--json` writes it. */
export interface Row {
  readonly case: string
  readonly subject: string
  readonly medianMs: number
  readonly minMs: number
  readonly runs: number
  /** Floating-point operations of one run, where the case counts them. */
  readonly flops?: number
}
