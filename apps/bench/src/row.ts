/** What a case counts of one run. */
export type Unit = 'flops' | 'bytes'

/** One measured subject of one case, as `--json` writes it. */
export interface Row {
  readonly case: string
  readonly subject: string
  /** Of one run, or of one call where a step is many calls. */
  readonly medianMs: number
  readonly minMs: number
  /** Steps that were timed. */
  readonly runs: number
  /** Floating-point operations of one run, where the case counts them. */
  readonly flops?: number
  /** The least bytes that one run has to move, where the case counts them. */
  readonly bytes?: number
}
