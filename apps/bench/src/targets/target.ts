/** What a case has to reach with a number of threads. */
export type Requirement = {
  readonly threads: number
} & (
  | {
      /** Of R, the rate of the core at the same time. */
      readonly kind: 'share'
      readonly atLeast: number
      /** What is hoped for beyond it. */
      readonly goal?: number
      /** Where the number is from, if it stands for something else. */
      readonly because?: string
    }
  /** Times as fast as a peer. */
  | { readonly kind: 'peer'; readonly peer: string; readonly atLeast: number }
  /** Times as fast as with one thread. */
  | { readonly kind: 'own'; readonly atLeast: number }
  | { readonly kind: 'time'; readonly atMostMs: number }
)

export interface TargetCase {
  readonly case: string
  /** Who is measured beside, if not all peers of the set. */
  readonly peers?: readonly string[]
  readonly requirements: readonly Requirement[]
}

/** Everything that one backend has to show in one run. */
export interface TargetSet {
  /** As typed on the command line. */
  readonly name: string
  readonly backend: string
  readonly peers: readonly string[]
  readonly cases: readonly TargetCase[]
  /** Studies that have to find nothing wrong. */
  readonly studies: readonly string[]
}
