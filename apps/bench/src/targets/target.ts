import type { MeasureLimits } from '../measure.ts'

/** What a case has to reach with a number of threads. */
export type Requirement = {
  readonly threads: number
} & (
  | {
      /** Of what the machine could do at the same time, as the meter of the set says. */
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
  /** Operations per second. */
  | { readonly kind: 'rate'; readonly atLeast: number; readonly goal?: number }
)

export interface TargetCase {
  readonly case: string
  /** Who is measured beside, if not all peers of the set. */
  readonly peers?: readonly string[]
  /** What is only measured and reported has none. */
  readonly requirements: readonly Requirement[]
  /** A small case of its kind, to try out the program. */
  readonly quick?: string
}

/** The case that is measured in turn with every other one: what the machine can do. */
export interface TargetMeter {
  readonly case: string
  /** What shares are called shares of, as in `0.82 R`. */
  readonly symbol: string
  readonly quick?: string
}

/** Everything that one backend has to show in one run. */
export interface TargetSet {
  /** As typed on the command line. */
  readonly name: string
  readonly backend: string
  readonly peers: readonly string[]
  readonly meter: TargetMeter
  /** Cases that are measured first, alone. */
  readonly machine: readonly string[]
  readonly cases: readonly TargetCase[]
  /** Studies that have to find nothing wrong. */
  readonly studies: readonly string[]
  /** Whether steps are started one after the other and awaited together, by default not. */
  readonly isQueued?: boolean
  /** What the set needs otherwise than the rest. */
  readonly limits?: Partial<MeasureLimits>
}
